"""The card of a bundle that holds a note generator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from moodprint.bundle import BundleKind, Card
from moodprint.errors import OptionError
from moodprint.generation.note_generator.architecture import (
    HIGHEST_PITCH,
    LATENT_SIZE,
    LOWEST_PITCH,
)
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.json_fields import Fields

GRAPH, INSTRUMENTS = "generator.onnx", "instruments.json"


@dataclass(frozen=True, kw_only=True)
class GeneratorCard(Card):
    """What a bundle says of its generator: where it comes from, and what it can play.

    Raises:
        OptionError: classes, which it has none of, another sample rate than 16 kHz, or pitches
            that are no range of MIDI's.
    """

    kind: ClassVar[BundleKind] = BundleKind.NOTE_GENERATOR

    source: str
    parameters: int
    blocks: int
    version: str = "1"
    latent_size: int = LATENT_SIZE
    lowest_pitch: int = LOWEST_PITCH
    highest_pitch: int = HIGHEST_PITCH
    sample_rate_hz: int = SAMPLE_RATE_HZ
    metrics: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    data: list[dict[str, Any]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.labels:
            raise OptionError(f"a note generator has no labels, and here are {len(self.labels)}")
        if self.sample_rate_hz != SAMPLE_RATE_HZ:
            raise OptionError(f"it plays at {self.sample_rate_hz} Hz, not at {SAMPLE_RATE_HZ}")
        if not 0 <= self.lowest_pitch <= self.highest_pitch <= 127:
            raise OptionError(f"its pitches are {self.lowest_pitch} to {self.highest_pitch}")
        if self.latent_size < 1 or self.blocks < 1:
            raise OptionError(f"it has {self.blocks} blocks and {self.latent_size} latents")

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """Adds the source, the sizes and the pitches. Raises ValueError."""
        free = ("metrics", "training", "data", "limits")
        wholes = ("parameters", "blocks", "latent_size", "lowest_pitch", "highest_pitch")
        return {
            **super().values(fields),
            "source": fields.text("source"),
            **{name: fields.whole(name) for name in (*wholes, "sample_rate_hz")},
            **{name: fields[name] for name in free if name in fields},
        }
