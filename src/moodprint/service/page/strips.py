"""A file's emotions as a strip: rectangles over its time, for lists in which files are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.emotion import EMOTIONS
from moodprint.prediction import UNSURE

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


def strip(stretches: Sequence[tuple[float, float, str]], duration_s: float) -> list[Patch]:
    """The stretches of an outline, over the whole length of the file."""
    if duration_s <= 0:
        return []
    scale = WIDTH / duration_s
    return [
        Patch(round(start_s * scale, 1), round((end_s - start_s) * scale, 1), kind)
        for start_s, end_s, kind in stretches
    ]


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
