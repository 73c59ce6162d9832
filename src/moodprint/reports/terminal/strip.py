"""A timeline as a row of equal pieces, for where there is room for so many and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moodprint.cells import cells
from moodprint.emotion import Emotion
from moodprint.prediction import Presence, Segment, Timeline


@dataclass(frozen=True)
class Mark:
    """What a piece of time mainly is: music of an emotion, unsure or not, or no music."""

    presence: Presence
    emotion: Emotion | None = None
    unsure: bool = False


NOTHING = Mark(Presence.SILENCE)


def strip(timeline: Timeline, pieces: int) -> tuple[Mark, ...]:
    """The timeline in ``pieces`` marks, each what holds most of its time; silence in gaps."""
    if pieces < 1 or timeline.duration_s <= 0:
        return ()
    piece_s = timeline.duration_s / pieces
    held: list[dict[Mark, float]] = [{} for _ in range(pieces)]
    for cell in cells(timeline.segments):
        mark = mark_of(cell)
        for index, share_s in _pieces_of(cell, piece_s, pieces):
            held[index][mark] = held[index].get(mark, 0.0) + share_s
    return tuple(_largest(shares) for shares in held)


def _largest(shares: dict[Mark, float]) -> Mark:
    return max(shares, key=lambda mark: shares[mark]) if shares else NOTHING


def mark_of(segment: Segment) -> Mark:
    """What a segment is marked by."""
    answer = segment.prediction
    if answer.emotion is None:
        return Mark(segment.presence)
    return Mark(segment.presence, answer.emotion, answer.abstained)


def _pieces_of(cell: Segment, piece_s: float, pieces: int) -> Iterator[tuple[int, float]]:
    """The pieces that a cell touches, with the seconds it fills of each."""
    first = int(cell.start_s / piece_s)
    for index in range(first, min(pieces, int(cell.end_s / piece_s) + 1)):
        start_s, end_s = index * piece_s, (index + 1) * piece_s
        share_s = min(end_s, cell.end_s) - max(start_s, cell.start_s)
        if share_s > 0:
            yield index, share_s
