from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.cells import cells


@dataclass(frozen=True)
class Window:
    start_s: float
    end_s: float
    name: str = ""


def _times(windows):
    return [(window.start_s, window.end_s) for window in windows]


def test_overlapping_windows_meet_in_the_middle():
    windows = [Window(0, 5, "a"), Window(2.5, 7.5, "b"), Window(5, 8, "c")]
    cut = cells(windows)
    assert _times(cut) == [(0, 3.75), (3.75, 6.25), (6.25, 8)]
    assert [window.name for window in cut] == ["a", "b", "c"]


def test_gaps_stay_gaps():
    assert _times(cells([Window(0, 5), Window(8, 13)])) == [(0, 5), (8, 13)]


def test_of_nothing_nothing():
    assert cells(()) == ()
    assert cells([Window(3, 3)]) == ()


@given(
    hop_s=st.sampled_from([0.5, 1.25, 2.5, 5.0, 7.0]),
    from_s=st.sampled_from([0.0, 3600.0, 400_000.0]),
    count=st.integers(1, 12),
)
def test_cells_are_in_order_apart_and_cover_what_the_windows_cover(hop_s, from_s, count):
    windows = [Window(from_s + n * hop_s, from_s + n * hop_s + 5.0) for n in range(count)]
    cut = cells(windows)
    for left, right in itertools.pairwise(cut):
        assert left.start_s < left.end_s <= right.start_s
    assert (cut[0].start_s, cut[-1].end_s) == (windows[0].start_s, windows[-1].end_s)
    covered = sum(cell.end_s - cell.start_s for cell in cut)
    assert covered == pytest.approx(min(hop_s, 5.0) * (count - 1) + 5.0)
