"""What a caller can choose about an analysis."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from moodprint.errors import OptionError

SHORTEST_SEGMENT_S = 1.0
"""Two rows of the network: one row alone wavers."""

SHORTEST_HOP_S = 0.5
"""A row of the network: nearer segments would be of the same rows."""


@dataclass(frozen=True)
class AnalysisSettings:
    """Segments of ``segment_s`` every ``hop_s`` seconds.

    ``smoothing_s`` is how far, in seconds, neighbours of the same mood steady one another;
    0 turns that off.

    Raises:
        OptionError: a segment under 1 s, a hop under 0.5 s or longer than the segment, a negative
            smoothing, or what is no finite number.
    """

    segment_s: float = 5.0
    hop_s: float = 2.5
    smoothing_s: float = 5.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value):
                raise OptionError(f"{each.name} is a finite number of seconds, not {value}")
        if self.segment_s < SHORTEST_SEGMENT_S:
            raise OptionError(
                f"a segment lasts {SHORTEST_SEGMENT_S:g} s or more, not {self.segment_s:g} s"
            )
        if self.hop_s < SHORTEST_HOP_S:
            raise OptionError(f"the hop is {SHORTEST_HOP_S:g} s or more, not {self.hop_s:g} s")
        if self.hop_s > self.segment_s:
            raise OptionError(
                f"a hop of {self.hop_s:g} s leaves gaps between segments of {self.segment_s:g} s"
            )
        if self.smoothing_s < 0:
            raise OptionError(f"smoothing is 0 s or more, not {self.smoothing_s:g} s")
