"""Ranges in a row, as plain loops list them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodprint.fingerprint.ranges import all_within


@given(st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=20))
def test_all_within_agrees_with_loops(limits: list[tuple[int, int]]) -> None:
    first, stop = np.array(limits, np.int64).reshape(-1, 2).T
    which, numbers = all_within(first, stop)
    plain = [(at, number) for at, ends in enumerate(limits) for number in range(*ends)]
    assert list(zip(which.tolist(), numbers.tolist(), strict=True)) == plain
