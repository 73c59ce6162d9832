"""What of a file is decoded: which of its tracks, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from moodprint.errors import OptionError

LONGEST_S = 24 * 3600.0
"""A day: more than any recording of music, and it takes some minutes to analyse."""


@dataclass(frozen=True)
class DecodeOptions:
    """What of a file is decoded.

    ``track`` is the audio track, counted from 1; by default the one that a player would take.
    Sound beyond ``longest_s`` seconds is left out with a warning: a small file can claim to last
    for years.

    Raises:
        OptionError: a track below 1, or a length that is not positive.
    """

    track: int | None = None
    longest_s: float = LONGEST_S

    def __post_init__(self) -> None:
        if self.track is not None and self.track < 1:
            raise OptionError(f"audio tracks are counted from 1; there is no track {self.track}")
        if not 0 < self.longest_s < inf:
            raise OptionError(f"the longest sound lasts more than 0 s, not {self.longest_s:g} s")


DEFAULT_OPTIONS = DecodeOptions()
