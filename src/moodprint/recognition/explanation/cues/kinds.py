"""The cues by name: their units, their order, and on which scale their differences count."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class CueKind:
    """``unit`` is '' for plain numbers. ``ratio`` is True where a doubling is the same step
    everywhere, as for tempo and frequency."""

    name: str
    unit: str
    ratio: bool = False

    def scaled(self, value: float) -> float:
        """The value on the scale where differences count: octaves of it where ``ratio``."""
        return float(np.log2(max(value, 1e-3))) if self.ratio else value


CUES = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            CueKind("tempo", "bpm", ratio=True),
            CueKind("pulse_clarity", ""),
            CueKind("mode", ""),
            CueKind("key_clarity", ""),
            CueKind("loudness", "LUFS"),
            CueKind("loudness_change", "dB/s"),
            CueKind("brightness", "Hz", ratio=True),
            CueKind("roughness", ""),
            CueKind("onset_density", "onsets/s"),
            CueKind("register", "MIDI pitch"),
            CueKind("articulation", "dB"),
        )
    }
)
