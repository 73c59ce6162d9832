"""Timelines made by hand, and strategies that draw any timeline there can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import any_answers
import pytest
from hypothesis import strategies as st

from moodprint.emotion import ANCHORS, EMOTIONS, Emotion
from moodprint.explanation import Cue, Explanation
from moodprint.prediction import (
    NO_MUSIC,
    Answer,
    Failure,
    Prediction,
    Presence,
    Segment,
    Timeline,
)


def answer(emotion: Emotion, confidence: float = 0.7, *, abstained: bool = False) -> Prediction:
    rest = (1 - confidence) / 4
    return Prediction(
        emotion=emotion,
        probabilities={e: confidence if e is emotion else rest for e in EMOTIONS},
        valence=ANCHORS[emotion].valence,
        arousal=ANCHORS[emotion].arousal,
        confidence=confidence,
        abstained=abstained,
    )


def music(start_s: float, end_s: float, emotion: Emotion, confidence: float = 0.7) -> Segment:
    return Segment(start_s, end_s, Presence.MUSIC, answer(emotion, confidence))


def without_music(start_s: float, end_s: float, presence: Presence) -> Segment:
    return Segment(start_s, end_s, presence, NO_MUSIC)


SEGMENTS = (
    music(0, 5, Emotion.CALM, 0.8),
    music(2.5, 7.5, Emotion.CALM, 0.6),
    music(5, 10, Emotion.FEAR),
    without_music(7.5, 12.5, Presence.SPEECH),
    without_music(10, 15, Presence.SILENCE),
    Segment(12.5, 17.5, Presence.MUSIC, answer(Emotion.SAD, 0.3, abstained=True)),
    Segment(15, 20, Presence.MUSIC, answer(Emotion.HAPPY), track="A & B <Theme> --> C"),
)


@pytest.fixture(scope="session")
def timeline() -> Timeline:
    """Windows of 5 s every 2.5 s: calm, fear, speech, silence, an unsure sad, a known happy."""
    return Timeline("songs/one.mp3", 20.0, answer(Emotion.CALM, 0.66), SEGMENTS, "ear 1")


def why(emotion: Emotion, tempo_bpm: float, push: float, agreement: float | None) -> Explanation:
    cues = (
        Cue("tempo", tempo_bpm, "bpm", -1.5, push),
        Cue("mode", -0.31, "", -1.2, -push / 2),
        Cue("register", None, "MIDI pitch", 0.0, 0.0),
    )
    return Explanation(cues, "A minor", push / 2 + 0.25, 0.25, emotion, agreement)


@pytest.fixture(scope="session")
def explained_timeline(timeline: Timeline) -> Timeline:
    """The same, its music explained: calm by a slow tempo, against a minor key."""
    segments = tuple(
        replace(s, explanation=why(s.prediction.emotion, 60.0 + n, 0.5, None))
        if s.prediction.emotion
        else s
        for n, s in enumerate(timeline.segments)
    )
    whole = why(Emotion.SAD, 61.5, 0.25, 0.635)
    return replace(timeline, segments=segments, explanation=whole)


@pytest.fixture(scope="session")
def speech_timeline() -> Timeline:
    segments = tuple(without_music(t, t + 5, Presence.SPEECH) for t in (0.0, 2.5, 5.0))
    return Timeline("talk.wav", 10.0, NO_MUSIC, segments, "ear 1", reason="no music was heard")


@pytest.fixture(scope="session")
def failure() -> Failure:
    return Failure("bad.mp3", "bad.mp3: is no audio or video that can be decoded")


@pytest.fixture(scope="session")
def make_music() -> Callable[..., Segment]:
    return music


@pytest.fixture(scope="session")
def make_answer() -> Callable[..., Prediction]:
    return answer


@pytest.fixture(scope="session")
def any_timeline() -> st.SearchStrategy[Timeline]:
    return any_answers.timelines()


@pytest.fixture(scope="session")
def any_results() -> st.SearchStrategy[list[Answer]]:
    return st.lists(any_answers.answers(), max_size=4)
