"""A file's emotions as a strip: rectangles over its time, for lists in which files are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.emotion import EMOTIONS
from moodprint.prediction import UNSURE, Presence, Segment, Timeline
from moodprint.reports.spans import spans

WIDTH = 1000
"""Of a strip, in its own units."""

_LEAST_SHARE = 0.005
"""A share that is drawn: less is narrower than a pixel of a bar of 200."""


@dataclass(frozen=True)
class Patch:
    """A rectangle: where it begins, how wide it is, and the class that gives its colour."""

    x: float
    width: float
    kind: str
    words: str = ""


def strip(timeline: Timeline) -> list[Patch]:
    """The spans of a file, over its whole length; what is unsure is drawn in its class, too."""
    if timeline.duration_s <= 0:
        return []
    scale = WIDTH / timeline.duration_s
    return [
        Patch(
            round(span.start_s * scale, 1),
            round((span.end_s - span.start_s) * scale, 1),
            kind_of(span),
        )
        for span in spans(timeline.segments)
    ]


def kind_of(segment: Segment) -> str:
    """``calm``; ``unsure``; ``speech``, ``silence``, ``other``."""
    if segment.presence is not Presence.MUSIC or segment.prediction.emotion is None:
        return str(segment.presence)
    return UNSURE if segment.prediction.abstained else str(segment.prediction.emotion)


def shares_bar(shares: dict[str, float] | None) -> list[Patch]:
    """Shares of the music's time side by side, in the order of the emotions, then unsure."""
    if not shares:
        return []
    patches, x = [], 0.0
    for name in ordered(shares):
        width = shares[name] * WIDTH
        patches.append(Patch(round(x, 1), round(width, 1), name, f"{name} {shares[name]:.0%}"))
        x += width
    return patches


def ordered(shares: dict[str, float]) -> Sequence[str]:
    """The emotions that hold some of the time, and unsure."""
    return [name for name in (*map(str, EMOTIONS), UNSURE) if shares.get(name, 0) >= _LEAST_SHARE]
