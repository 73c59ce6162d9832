from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from moodprint.reports.terminal.names import shortened


def test_what_fits_stays():
    assert shortened(["a.mp3", "b.mp3"], 5) == ["a.mp3", "b.mp3"]


def test_a_long_name_loses_its_middle():
    [name] = shortened(["archive/2024/interviews/speaker-one.mp3"], 20)
    assert name == "archiv…aker-one.mp3"[:6] + "…" + "eaker-one.mp3"


@pytest.mark.parametrize(
    "names",
    [
        [f"archive/the same long beginning {n}.mp3" for n in range(5)],
        [f"{n} different beginning, but always one and the same end.mp3" for n in range(5)],
        [f"season/episode {n} of the series, the directors cut, take 1.mp3" for n in range(5)],
    ],
)
def test_names_stay_apart_wherever_they_differ(names):
    assert len(set(shortened(names, 24))) == 5


@given(names=st.lists(st.text(max_size=40), max_size=5), room=st.integers(1, 30))
def test_none_is_wider_than_the_room(names, room):
    names = ["".join(filter(str.isprintable, name)) for name in names]
    short = shortened(names, room)
    assert len(short) == len(names)
    assert all(cell_len(name) <= room for name in short)
