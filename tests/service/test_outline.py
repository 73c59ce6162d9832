"""What lists and overviews keep of an answer."""

from __future__ import annotations

import json

import pytest
from any_answers import timelines
from fake_predictions import prediction
from hypothesis import given

from moodprint.prediction import NO_MUSIC, Presence, Segment, Timeline
from moodprint.service.outline import answered_for, outline_of


def _timeline(*segments: Segment) -> Timeline:
    return Timeline("a.mp3", 40.0, NO_MUSIC, segments, "a test")


def _music(start_s: float, end_s: float, emotion: str, chance: float = 0.8, **kind) -> Segment:
    return Segment(start_s, end_s, Presence.MUSIC, prediction(emotion, chance, **kind))


@given(timelines())
def test_it_is_json_and_its_moods_are_the_shares(timeline: Timeline) -> None:
    outline = json.loads(json.dumps(outline_of(timeline)))
    music_s = sum(outline["mood_s"].values())
    for name, share in timeline.shares.items():
        assert outline["mood_s"][name] == pytest.approx(share * music_s, abs=1e-6)
    for start_s, end_s, _ in outline["stretches"]:
        assert start_s <= end_s


def test_the_best_passage_is_the_surest_run_and_not_the_longest() -> None:
    timeline = _timeline(
        _music(0, 20, "sad", 0.6),
        _music(20, 25, "calm"),
        _music(25, 30, "sad", 0.9),
        _music(30, 32, "sad", 0.7),
    )
    [start_s, end_s, probability] = outline_of(timeline)["passages"]["sad"]
    assert (start_s, end_s) == (25, 32)
    assert probability == pytest.approx((5 * 0.9 + 2 * 0.7) / 7)


def test_most_of_a_stretch_says_what_was_answered_for_it() -> None:
    outline = outline_of(
        _timeline(
            _music(0, 10, "sad", abstained=True),
            _music(10, 16, "calm"),
            Segment(16, 30, Presence.SPEECH, NO_MUSIC),
        )
    )
    assert answered_for(outline, 0, 12) == "sad", "unsure, yet answered"
    assert answered_for(outline, 9, 16) == "calm"
    assert answered_for(outline, 12, 30) == "no-music"
    assert answered_for(outline, 31, 40) is None


def test_what_is_unsure_or_unlikely_is_no_passage() -> None:
    timeline = _timeline(
        _music(0, 9, "sad", abstained=True),
        _music(9, 20, "calm", 0.4),
        Segment(20, 30, Presence.SPEECH, NO_MUSIC),
    )
    outline = outline_of(timeline)
    assert outline["passages"] == {}
    assert [kind for *_, kind in outline["stretches"]] == ["unsure", "calm", "speech"]
    assert outline_of(timeline)["mood_s"]["unsure"] == pytest.approx(9)
