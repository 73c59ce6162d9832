"""A collection at a glance: moods over all files, the passages to hear at once, what is unsure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import UNSURE, Segment, Timeline
from moodprint.service.schemas import Moment

_MOMENTS = 5

_LEAST_PROBABILITY = 0.5
"""Likelier than all other emotions together."""


def mood_seconds(timelines: Iterable[Timeline]) -> dict[str, float]:
    """The seconds of music in all files by emotion, and ``unsure``; each moment counts once."""
    held_s = dict.fromkeys([*map(str, EMOTIONS), UNSURE], 0.0)
    for timeline in timelines:
        for cell in cells(timeline.segments):
            emotion = cell.prediction.emotion
            if emotion is not None:
                name = UNSURE if cell.prediction.abstained else str(emotion)
                held_s[name] += cell.end_s - cell.start_s
    return held_s


def moments(
    timelines: Sequence[tuple[str, Timeline]], count: int = _MOMENTS
) -> dict[str, list[Moment]]:
    """By emotion the most probable passages, at most one a file, the most probable first.

    A passage is a run of segments of one emotion that did not abstain.
    """
    best: dict[str, list[Moment]] = {}
    for emotion in EMOTIONS:
        found = (
            moment
            for analysis_id, timeline in timelines
            if (moment := _best(analysis_id, timeline, emotion)) is not None
        )
        best[str(emotion)] = heapq.nlargest(count, found, key=lambda each: each.probability)
    return best


def _best(analysis_id: str, timeline: Timeline, emotion: Emotion) -> Moment | None:
    runs: list[list[Segment]] = []
    before = False
    for cell in cells(timeline.segments):
        fits = cell.prediction.emotion is emotion and not cell.prediction.abstained
        if fits and before:
            runs[-1].append(cell)
        elif fits:
            runs.append([cell])
        before = fits
    passages = [
        Moment(
            analysis=analysis_id,
            name=timeline.source,
            start_s=run[0].start_s,
            end_s=run[-1].end_s,
            probability=_mean(run, emotion),
        )
        for run in runs
    ]
    credible = [each for each in passages if each.probability >= _LEAST_PROBABILITY]
    return max(credible, key=lambda each: each.probability, default=None)


def _mean(run: Sequence[Segment], emotion: Emotion) -> float:
    total_s = sum(each.end_s - each.start_s for each in run)
    weighed = sum(
        each.prediction.probabilities[emotion] * (each.end_s - each.start_s) for each in run
    )
    return weighed / total_s
