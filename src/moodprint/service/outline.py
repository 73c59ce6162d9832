"""Of an answer what lists and overviews draw: small enough to be read by the thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import UNSURE, Presence, Segment, Timeline
from moodprint.reports.spans import spans

_LEAST_PROBABILITY = 0.5
"""Likelier than all other emotions together."""


def outline_of(timeline: Timeline) -> dict[str, Any]:
    """As JSON takes it.

    ``mood_s`` are the seconds of music by emotion, and ``unsure``. ``passages`` has by emotion the
    most probable run of segments of it that did not abstain: start, end, mean probability; none of
    which the probability is less than a half. ``stretches`` are start, end and kind of what says
    the same: see ``kind_of``.
    """
    passages = {str(emotion): _best(timeline.segments, emotion) for emotion in EMOTIONS}
    return {
        "mood_s": mood_seconds(timeline),
        "passages": {name: passage for name, passage in passages.items() if passage},
        "stretches": _stretches(timeline.segments),
    }


def _stretches(segments: Sequence[Segment]) -> list[tuple[float, float, str]]:
    found: list[tuple[float, float, str]] = []
    for span in spans(segments):
        start_s, end_s, kind = round(span.start_s, 3), round(span.end_s, 3), kind_of(span)
        if found and found[-1][1:] == (start_s, kind):
            start_s = found.pop()[0]
        found.append((start_s, end_s, kind))
    return found


def mood_seconds(timeline: Timeline) -> dict[str, float]:
    """The seconds of music by emotion, and ``unsure``; each moment counts once."""
    held_s = dict.fromkeys([*map(str, EMOTIONS), UNSURE], 0.0)
    for cell in cells(timeline.segments):
        emotion = cell.prediction.emotion
        if emotion is not None:
            name = UNSURE if cell.prediction.abstained else str(emotion)
            held_s[name] += cell.end_s - cell.start_s
    return held_s


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
