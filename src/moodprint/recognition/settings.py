"""What a caller can choose about an analysis, and what a model's card fixes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from moodprint.errors import OptionError

_SHORTEST_SEGMENT_S = 1.0


@dataclass(frozen=True)
class AnalysisSettings:
    """Segments of ``segment_s`` every ``hop_s`` seconds.

    ``smoothing_s`` is how far, in seconds, neighbours of the same mood steady one another;
    0 turns that off.

    Raises:
        OptionError: a segment under 1 s, a hop that is not positive or longer than the segment,
            or a negative smoothing.
    """

    segment_s: float = 5.0
    hop_s: float = 2.5
    smoothing_s: float = 5.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(v) for v in (self.segment_s, self.hop_s, self.smoothing_s)):
            raise OptionError("segment, hop and smoothing are finite numbers of seconds")
        if self.segment_s < _SHORTEST_SEGMENT_S:
            raise OptionError(f"a segment lasts 1 s or more, not {self.segment_s:g} s")
        if not 0.5 <= self.hop_s <= self.segment_s:
            raise OptionError(
                f"the hop lies between 0.5 s and the segment's {self.segment_s:g} s, "
                f"not at {self.hop_s:g} s"
            )
        if self.smoothing_s < 0:
            raise OptionError(f"smoothing is 0 s or more, not {self.smoothing_s:g} s")
