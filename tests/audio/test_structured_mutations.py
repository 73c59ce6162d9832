"""The mutations are along the structure: elements are found, and pages keep right checksums."""

from __future__ import annotations

import numpy as np
import pytest
from media_files import KINDS
from structured_mutations import _FINDERS, mutated_structure, with_right_checksums


@pytest.mark.parametrize("name", KINDS)
def test_elements_cover_the_file_and_each_case_is_another(media, name: str) -> None:
    path = media(name, 1.0)
    data = path.read_bytes()
    find = _FINDERS.get(path.suffix)
    if find is not None:
        elements = list(find(data))
        assert len(elements) > 2
        assert all(0 <= each.start < each.end <= len(data) for each in elements)
    made = {mutated_structure(data, path.suffix, np.random.default_rng(k)) for k in range(12)}
    assert len(made) > 6


@pytest.mark.parametrize("name", ["ogg", "opus"])
def test_checksums_of_whole_pages_are_those_that_the_file_has(media, name: str) -> None:
    data = media(name, 1.0).read_bytes()
    assert with_right_checksums(data) == data
