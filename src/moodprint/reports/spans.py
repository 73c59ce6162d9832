"""Stretches of time that do not overlap, out of segments that may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS
from moodprint.prediction import Prediction, Segment


def spans(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The cells, neighbours that say the same joined; numbers are means weighted by time."""
    joined: list[Segment] = []
    for cell in cells(segments):
        if joined and joined[-1].end_s == cell.start_s and _says(joined[-1]) == _says(cell):
            joined[-1] = _join(joined[-1], cell)
        else:
            joined.append(cell)
    return tuple(joined)


def presence_spans(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The cells, neighbours of the same presence joined; only times and presence mean anything."""
    runs = groupby(cells(segments), key=lambda cell: cell.presence)
    grouped = (list(run) for _, run in runs)
    return tuple(replace(run[0], end_s=run[-1].end_s) for run in grouped)


def lasting_spans(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The spans that last at least a millisecond once their ends are rounded to one."""
    return tuple(
        span for span in spans(segments) if round(span.end_s * 1000) > round(span.start_s * 1000)
    )


def _says(segment: Segment) -> tuple[Any, ...]:
    answer = segment.prediction
    return (segment.presence, answer.emotion, answer.abstained, segment.track)


def _join(left: Segment, right: Segment) -> Segment:
    share = (right.end_s - right.start_s) / (right.end_s - left.start_s)
    why, also = left.explanation, right.explanation
    return replace(
        left,
        end_s=right.end_s,
        prediction=_blend(left.prediction, right.prediction, share),
        presence_confidence=_mean_or_none(
            left.presence_confidence, right.presence_confidence, share
        ),
        music_below_voice_db=_mean_or_none(
            left.music_below_voice_db, right.music_below_voice_db, share
        ),
        explanation=why.blended(also, share) if why is not None and also is not None else why,
    )


def _blend(left: Prediction, right: Prediction, share: float) -> Prediction:
    """The mean of two predictions of one emotion; ``share`` in [0, 1] is the right one's weight."""

    return Prediction(
        emotion=left.emotion,
        probabilities={
            emotion: _mean(left.probabilities[emotion], right.probabilities[emotion], share)
            for emotion in EMOTIONS
        },
        valence=_mean_or_none(left.valence, right.valence, share),
        arousal=_mean_or_none(left.arousal, right.arousal, share),
        confidence=_mean(left.confidence, right.confidence, share),
        abstained=left.abstained,
        reliability=_mean_or_none(left.reliability, right.reliability, share),
    )


def _mean(left: float, right: float, share: float) -> float:
    return (1 - share) * left + share * right


def _mean_or_none(left: float | None, right: float | None, share: float) -> float | None:
    return None if left is None or right is None else _mean(left, right, share)
