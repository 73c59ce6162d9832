"""What the page says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS
from moodprint.prediction import UNSURE
from moodprint.service.page.facts import FileRow, Track, Use, drawings_of, tracks_of
from moodprint.service.page.strips import WIDTH, shares_bar
from moodprint.service.store.tables import Analysis

KINDS = [*map(str, EMOTIONS), UNSURE]


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6).filter(lambda parts: sum(parts) > 0.1))
def test_a_bar_is_as_long_as_its_shares(parts: list[float]) -> None:
    shares = {kind: part / sum(parts) for kind, part in zip(KINDS, parts, strict=True)}
    patches = shares_bar(shares)
    assert sum(patch.width for patch in patches) == pytest.approx(WIDTH, abs=WIDTH * 0.04)
    for patch, following in pairwise(patches):
        assert following.x == pytest.approx(patch.x + patch.width, abs=0.2)


def test_without_music_there_is_no_bar() -> None:
    assert shares_bar(None) == shares_bar(dict.fromkeys(KINDS, 0.0)) == []


def _tracks(count: int) -> list[Track]:
    uses = [Use(f"{number:04}", "a.mp3", 0.0, 5.0) for number in range(count)]
    return [Track("track A", False, "0:05", uses)]


def test_files_of_one_name_are_told_apart_in_a_drawing() -> None:
    [drawn] = drawings_of(_tracks(3))
    assert len([node for node in drawn.nodes if node.kind == "file"]) == 3


def test_a_thicket_is_not_drawn() -> None:
    assert drawings_of(_tracks(200)) == []


def test_tracks_keep_names_on_one_line() -> None:
    use = {"analysis": "1", "start_s": 0.0, "end_s": 1.0}
    fields = {"name": "a/b\u202e.mp3", "known": True, "duration_s": 61.0, "uses": [use]}
    [track] = tracks_of([fields], {"1": "x.mp4"})
    assert (track.name, track.length, track.uses[0].name) == ("b\\u202e.mp3", "1:01", "x.mp4")


def _row(shares: dict[str, float], **fields) -> FileRow:
    return FileRow(Analysis(state="done", emotion="fear", shares=shares, **fields), [])


def test_a_row_says_moods_by_their_time_and_no_mean_of_them() -> None:
    assert _row({"angry": 0.53, "fear": 0.42, "unsure": 0.05}).words == (
        "angry 53%, fear 42%, unsure 5%"
    )
    assert _row({"fear": 0.99, "unsure": 0.01}).words == "fear"
    assert _row({"unsure": 1.0}, abstained=True).words == "unsure, perhaps fear"
    assert FileRow(Analysis(state="done", emotion=None), []).words == "no music"
    assert FileRow(Analysis(state="failed", error="It is no sound."), []).words == "It is no sound."
    assert FileRow(Analysis(state="queued"), []).words == "queued"
