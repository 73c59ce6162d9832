"""The card of a bundle that holds a network for the transcription of notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from moodprint.bundle import BundleKind, Card
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

GRAPH = "nmp.onnx"
"""The network's file, under the name that Basic Pitch gave it."""

SAMPLE_RATE_HZ = 22_050
LOWEST_PITCH, KEYS = 21, 88
"""The keys of a piano, A0 to C8."""


@dataclass(frozen=True, kw_only=True)
class TranscriptionCard(Card):
    """What the network takes and tells: sound at ``sample_rate_hz``, ``keys`` from a pitch up.

    Raises:
        OptionError: another rate or other keys than those of Basic Pitch, whose windows and times
            are written into the code, or no network among the files.
    """

    kind: ClassVar[BundleKind] = BundleKind.NOTE_TRANSCRIPTION

    sample_rate_hz: int
    lowest_pitch: int
    keys: int

    def __post_init__(self) -> None:
        super().__post_init__()
        own = (self.sample_rate_hz, self.lowest_pitch, self.keys)
        if own != (SAMPLE_RATE_HZ, LOWEST_PITCH, KEYS):
            raise OptionError(
                f"it takes {own[0]} Hz and tells {own[2]} keys from {own[1]} up, not "
                f"{SAMPLE_RATE_HZ} Hz and {KEYS} keys from {LOWEST_PITCH} up"
            )
        if GRAPH not in self.files:
            raise OptionError(f"it lists no {GRAPH}")

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """Adds the rate and the keys. Raises ValueError."""
        features = fields.part("features")
        whole = {name: features.whole(name) for name in ("sample_rate_hz", "lowest_pitch", "keys")}
        return {**super().values(fields), **whole}
