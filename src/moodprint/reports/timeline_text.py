"""Answers and times in words, said the same way in every report."""

from __future__ import annotations

from itertools import pairwise

from moodprint.plain_text import one_line
from moodprint.prediction import Prediction, Presence, Segment, Timeline
from moodprint.reports.spans import cells, spans

_SHORTEST_CHANGE_S = 5.0
"""A mood that lasts less than a segment may be a slip."""

_MOST_CHANGES = 4
"""More do not fit in a sentence."""

_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000)


def clock(seconds: float, decimals: int = 0) -> str:
    """A time as people read it: ``0:07``, ``4:35``, ``1:02:09``, with decimals ``4:35.3``."""
    hours, minutes, rest, fraction = _on_the_clock(seconds, decimals)
    time = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{time}.{fraction:0{decimals}}" if decimals else time


def stamp(seconds: float, decimal_mark: str) -> str:
    """A time as subtitles write it: ``00:04:35.250``; hours grow past two digits."""
    hours, minutes, rest, thousandths = _on_the_clock(seconds, 3)
    return f"{hours:02}:{minutes:02}:{rest:02}{decimal_mark}{thousandths:03}"


def tick_step_s(duration_s: float, most: int) -> float:
    """How far apart the marks of an axis of time stand so that their times are round and there
    are at most ``most`` of them, beside that at 0."""
    return next(
        (step for step in _TICK_STEPS_S if duration_s / step <= most), _TICK_STEPS_S[-1] * 10
    )


def _on_the_clock(seconds: float, decimals: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and the digits behind the point, rounded before they are parted:
    59.96 s to one decimal are a minute."""
    whole, fraction = divmod(int(seconds * 10**decimals + 0.5), 10**decimals)
    minutes, rest = divmod(whole, 60)
    return *divmod(minutes, 60), rest, fraction


def signed(value: float) -> str:
    """A valence or arousal: ``+0.52``, ``-0.10``; what rounds to nothing is ``+0.00``."""
    return f"{round(value, 2) + 0.0:+.2f}"


def prediction_words(prediction: Prediction, presence: Presence | None = None) -> str:
    """``calm (0.71)``; ``unsure, calm at most (0.31)``; ``no music (speech)``."""
    if prediction.emotion is None:
        return f"no music ({presence})" if presence else "no music"
    if prediction.abstained:
        return f"unsure, {prediction.emotion} at most ({prediction.confidence:.2f})"
    return f"{prediction.emotion} ({prediction.confidence:.2f})"


def segment_words(segment: Segment) -> str:
    """What a segment says on one line, with the known track where one was found."""
    said = prediction_words(segment.prediction, segment.presence)
    return said if segment.track is None else f"{said} - {one_line(segment.track)}"


def timeline_words(timeline: Timeline) -> str:
    """The answer in a sentence: ``mostly calm (0.71), from 1:05 fear``.

    Only changes that last at least 5 seconds are named, and no more than four of them.
    """
    overall = timeline.overall
    if overall.emotion is None:
        return timeline.reason or "no music was heard"
    moods = [
        (span.start_s, str(span.prediction.emotion))
        for span in spans(timeline.segments)
        if span.prediction.emotion is not None
        and not span.prediction.abstained
        and span.end_s - span.start_s >= _SHORTEST_CHANGE_S
    ]
    changes = [now for before, now in pairwise(moods) if before[1] != now[1]]
    if not changes:
        return prediction_words(overall)
    later = ", ".join(f"from {clock(start_s)} {name}" for start_s, name in changes[:_MOST_CHANGES])
    more = len(changes) - _MOST_CHANGES
    rest = f", and {more} more change{'s' if more > 1 else ''}" if more > 0 else ""
    start = f"{moods[0][1]} first, " if moods[0][1] != overall.emotion else ""
    return f"mostly {prediction_words(overall)}: {start}{later}{rest}"


def presence_shares(timeline: Timeline) -> dict[Presence, float]:
    """The share of the heard time that is music, speech, silence, other; sums to 1, or all 0."""
    held = dict.fromkeys(Presence, 0.0)
    for cell in cells(timeline.segments):
        held[cell.presence] += cell.end_s - cell.start_s
    total = sum(held.values())
    return {presence: seconds / total if total else 0.0 for presence, seconds in held.items()}
