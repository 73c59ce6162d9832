"""From a song to clips of one length: times only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from moodprint.audio.silence import Span
from moodprint.errors import OptionError, unknown_name

_SHORTEST_S = 0.001
"""A clip is named by its start to the millisecond: a smaller hop would name two alike."""
_SLACK_S = 0.001
"""Times are kept to the millisecond: a song so little shorter than a clip is as long as it."""


class Remainder(StrEnum):
    """What becomes of the end of a song that does not fill a clip."""

    DROP = "drop"
    KEEP = "keep"
    """It is a clip of its own, shorter than the others."""
    OVERLAP = "overlap"
    """The last clip is moved back so that it ends with the song."""

    @classmethod
    def named(cls, name: str) -> Remainder:
        """The one of that name. Raises OptionError, with the known names, for another."""
        if name not in set(cls):
            raise unknown_name("remainder", name, cls)
        return cls(name)


@dataclass(frozen=True)
class ClipRule:
    """Clips of ``length_s``, one every ``hop_s`` (without overlap where None).

    Raises:
        OptionError: a length or hop of less than a millisecond.
    """

    length_s: float = 5.0
    hop_s: float | None = None
    remainder: Remainder = Remainder.DROP

    def __post_init__(self) -> None:
        if not self.length_s >= _SHORTEST_S:
            raise OptionError(f"a clip lasts {_SHORTEST_S:g} s or more, not {self.length_s:g} s")
        if not self.step_s >= _SHORTEST_S:
            raise OptionError(
                f"the hop from clip to clip is {_SHORTEST_S:g} s or more, not {self.hop_s:g} s"
            )

    @property
    def step_s(self) -> float:
        """Seconds from the start of one clip to that of the next."""
        return self.length_s if self.hop_s is None else self.hop_s


def cut_clips(song: Span, rule: ClipRule) -> tuple[Span, ...]:
    """The clips of a song, in order. A song shorter than one clip is one short clip."""
    if song.duration_s < rule.length_s - _SLACK_S:
        return (song,) if song.duration_s > 0 else ()
    count = int((song.duration_s - rule.length_s + _SLACK_S) / rule.step_s) + 1
    starts = [song.start_s + number * rule.step_s for number in range(count)]
    clips = [Span(start_s, min(start_s + rule.length_s, song.end_s)) for start_s in starts]
    if clips[-1].end_s < song.end_s - _SLACK_S:
        clips += _remainder(song, clips[-1], rule)
    return tuple(clips)


def _remainder(song: Span, last: Span, rule: ClipRule) -> list[Span]:
    if rule.remainder is Remainder.DROP:
        return []
    if rule.remainder is Remainder.OVERLAP:
        return [Span(song.end_s - rule.length_s, song.end_s)]
    start_s = last.start_s + rule.step_s
    return [Span(start_s, song.end_s)] if start_s < song.end_s - _SLACK_S else []
