import platform
from dataclasses import replace

import numpy as np

from moodprint import __version__
from moodprint.dataset.provenance import data_hash, versions


def test_the_hash_is_of_which_samples_there_are_in_which_roles(sample):
    rows = [sample("a"), sample("b", label="calm")]
    first = data_hash(rows)
    assert len(first) == 32
    assert data_hash([replace(each) for each in rows]) == first
    for change in ({"id": "c"}, {"label": "happy"}, {"group": "g"}, {"origin": "a"}):
        assert data_hash([rows[0], replace(rows[1], **change)]) != first
    assert data_hash(rows[:1]) != first


def test_the_hash_stays_the_same_from_release_to_release(sample):
    assert data_hash([sample("a", group="g")]) == "8cc4499a36cefdfc150a2e5cb3302652"


def test_versions_are_of_what_is_installed():
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["numpy"] == np.__version__
    assert found["moodprint"] == __version__
