"""Strategies that draw any answer there can be, its numbers as files keep them."""

from __future__ import annotations

from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS
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
from moodprint.tags import Tags

_TEXT = st.text(max_size=20)
_UNIT = st.floats(0, 1).map(lambda x: round(x, 6))
_SIGNED = st.floats(-1, 1).map(lambda x: round(x, 6))
_NUMBER = st.floats(-1e4, 1e4).map(lambda x: round(x, 4))


@st.composite
def predictions(draw: st.DrawFn) -> Prediction:
    """Of music: the emotion is the likeliest. Probabilities are millionths that sum to 1."""
    cuts = sorted(draw(st.lists(st.integers(0, 10**6), min_size=4, max_size=4)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 10**6], strict=True)]
    probabilities = dict(zip(EMOTIONS, (part / 10**6 for part in parts), strict=True))
    return Prediction(
        emotion=max(EMOTIONS, key=lambda emotion: probabilities[emotion]),
        probabilities=probabilities,
        valence=draw(_SIGNED),
        arousal=draw(_SIGNED),
        confidence=draw(_UNIT),
        abstained=draw(st.booleans()),
        reliability=draw(st.none() | _UNIT),
    )


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    """Of up to four cues of any names, with and without an agreement."""
    names = draw(st.lists(_TEXT, unique=True, max_size=4))
    return Explanation(
        cues=tuple(
            Cue(name, draw(st.none() | _NUMBER), draw(_TEXT), draw(_NUMBER), draw(_NUMBER))
            for name in names
        ),
        key=draw(st.none() | _TEXT),
        margin=draw(_NUMBER),
        baseline=draw(_NUMBER),
        cues_say=draw(st.sampled_from(EMOTIONS)),
        agreement=draw(st.none() | _UNIT.map(lambda x: round(x, 4))),
    )


def tags() -> st.SearchStrategy[Tags]:
    """Tags of any values, each there or not where it may be missing."""
    number = st.none() | _NUMBER.map(lambda x: round(x, 1))
    share = _UNIT.map(lambda x: round(x, 3))
    text = st.none() | _TEXT
    return st.builds(Tags, number, share, text, text, share, number, number, number)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Of up to twelve segments, apart, side by side or overlapping."""
    hop_s = draw(st.sampled_from([0.5, 1.25, 2.5, 5.0, 7.0]))
    from_s = draw(st.sampled_from([0.0, 0.25, 3600.0, 400_000.0]))
    starts_s = [from_s + index * hop_s for index in range(draw(st.integers(0, 12)))]
    return Timeline(
        source=draw(_TEXT),
        duration_s=draw(st.floats(0, 1e6).map(lambda x: round(x, 6))),
        overall=draw(predictions() | st.just(NO_MUSIC)),
        segments=tuple(draw(_segments(start_s)) for start_s in starts_s),
        model=draw(_TEXT),
        reason=draw(st.none() | _TEXT),
        warnings=tuple(draw(st.lists(_TEXT, max_size=3))),
        tags=draw(st.none() | tags()),
    )


@st.composite
def _segments(draw: st.DrawFn, start_s: float) -> Segment:
    presence = draw(st.sampled_from(Presence))
    prediction = draw(predictions()) if presence is Presence.MUSIC else NO_MUSIC
    return Segment(start_s, start_s + 5.0, presence, prediction, draw(st.none() | _TEXT))


def answers() -> st.SearchStrategy[Answer]:
    """A timeline, or a failure."""
    return timelines() | st.builds(Failure, source=_TEXT, error=_TEXT)
