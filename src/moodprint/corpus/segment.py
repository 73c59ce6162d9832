"""From a song to clips of one length: times only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from moodprint.audio.silence import Span
from moodprint.errors import OptionError


class Remainder(StrEnum):
    """What becomes of the end of a song that does not fill a clip."""

    DROP = "drop"
    KEEP = "keep"
    """It is a clip of its own, shorter than the others."""
    OVERLAP = "overlap"
    """The last clip is moved back so that it ends with the song."""


@dataclass(frozen=True)
class SegmentRule:
    """Clips of ``length_s``, one every ``hop_s`` (without overlap where None).

    Raises:
        OptionError: a length or hop that is not positive.
    """

    length_s: float = 5.0
    hop_s: float | None = None
    remainder: Remainder = Remainder.DROP

    def __post_init__(self) -> None:
        if not self.length_s > 0 or not self.step_s > 0:
            raise OptionError(
                f"clips need length and hop above 0, not {self.length_s}, {self.hop_s}"
            )

    @property
    def step_s(self) -> float:
        return self.length_s if self.hop_s is None else self.hop_s


_SLACK_S = 0.001


def segments(song: Span, rule: SegmentRule) -> tuple[Span, ...]:
    """The clips of a song, in order. A song shorter than one clip is one short clip."""
    if song.duration_s < rule.length_s - _SLACK_S:
        return (song,) if song.duration_s > 0 else ()
    count = int((song.duration_s - rule.length_s + _SLACK_S) / rule.step_s) + 1
    starts = [song.start_s + number * rule.step_s for number in range(count)]
    clips = [Span(start_s, min(start_s + rule.length_s, song.end_s)) for start_s in starts]
    if clips[-1].end_s < song.end_s - _SLACK_S:
        clips += _remainder(song, clips[-1], rule)
    return tuple(clips)


def _remainder(song: Span, last: Span, rule: SegmentRule) -> list[Span]:
    if rule.remainder is Remainder.DROP:
        return []
    if rule.remainder is Remainder.OVERLAP:
        return [Span(song.end_s - rule.length_s, song.end_s)]
    return [Span(last.start_s + rule.step_s, song.end_s)]
