"""Of an answer what lists and overviews draw: small enough to be read by the thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import UNSURE, Presence, Segment, Timeline, mood_seconds
from moodprint.reports.spans import spans

NO_MUSIC = "no-music"
"""What is said of a stretch without music."""

_LEAST_PROBABILITY = 0.5
"""Likelier than all other emotions together."""


def outline_of(timeline: Timeline) -> dict[str, Any]:
    """As JSON takes it.

    ``mood_s`` are the seconds of music by emotion, and ``unsure``. ``passages`` has by emotion the
    most probable run of segments of it that did not abstain: start, end, mean probability; none of
    which the probability is less than a half. ``stretches`` are start, end and kind of what says
    the same: see ``kind_of``. ``answers`` are start, end and label, sure or not: an emotion, or
    ``NO_MUSIC``.
    """
    passages = {str(emotion): _best(timeline.segments, emotion) for emotion in EMOTIONS}
    return {
        "mood_s": mood_seconds(timeline.segments),
        "passages": {name: passage for name, passage in passages.items() if passage},
        "stretches": _stretches(spans(timeline.segments), kind_of),
        "answers": _stretches(cells(timeline.segments), _label_of),
    }


def answered_for(outline: dict[str, Any], start_s: float, end_s: float) -> str | None:
    """The emotion answered for most of a stretch, or ``NO_MUSIC``; None where nothing was said."""
    held_s: dict[str, float] = {}
    for first_s, last_s, label in outline["answers"]:
        common_s = min(last_s, end_s) - max(first_s, start_s)
        if common_s > 0:
            held_s[label] = held_s.get(label, 0.0) + common_s
    return max(held_s, key=lambda label: held_s[label], default=None)


def _label_of(segment: Segment) -> str:
    emotion = segment.prediction.emotion
    is_music = segment.presence is Presence.MUSIC and emotion is not None
    return str(emotion) if is_music else NO_MUSIC


def _stretches(
    parts: Iterable[Segment], say: Callable[[Segment], str]
) -> list[tuple[float, float, str]]:
    """Parts that do not overlap, neighbours of one kind joined."""
    found: list[tuple[float, float, str]] = []
    for part in parts:
        start_s, end_s, kind = round(part.start_s, 3), round(part.end_s, 3), say(part)
        if found and found[-1][1:] == (start_s, kind):
            start_s = found.pop()[0]
        found.append((start_s, end_s, kind))
    return found


def kind_of(segment: Segment) -> str:
    """``calm``; ``unsure``; ``speech``, ``silence``, ``other``."""
    if segment.presence is not Presence.MUSIC or segment.prediction.emotion is None:
        return str(segment.presence)
    return UNSURE if segment.prediction.abstained else str(segment.prediction.emotion)


def _best(segments: Sequence[Segment], emotion: Emotion) -> tuple[float, float, float] | None:
    runs: list[list[Segment]] = []
    before = False
    for cell in cells(segments):
        fits = cell.prediction.emotion is emotion and not cell.prediction.abstained
        if fits and before:
            runs[-1].append(cell)
        elif fits:
            runs.append([cell])
        before = fits
    passages = [(run[0].start_s, run[-1].end_s, _mean(run, emotion)) for run in runs]
    credible = [passage for passage in passages if passage[2] >= _LEAST_PROBABILITY]
    return max(credible, key=lambda passage: passage[2], default=None)


def _mean(run: Sequence[Segment], emotion: Emotion) -> float:
    total_s = sum(each.end_s - each.start_s for each in run)
    weighed = sum(
        each.prediction.probabilities[emotion] * (each.end_s - each.start_s) for each in run
    )
    return weighed / total_s
