"""The card of a bundle that draws music: its spectrogram, its latents, what it can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import BundleKind, Card
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

DENOISER, DECODER, ENCODER = "denoiser.onnx", "decoder.onnx", "encoder.onnx"

_WHOLES = ("sample_rate_hz", "hop", "window", "bands")
_NUMBERS = ("lowest_hz", "highest_hz", "floor_db")


@dataclass(frozen=True)
class Condition:
    """Something that music can be asked for, such as a tag or its brightness.

    The network takes (value - ``mean``) / ``deviation``. ``quantiles`` are values at the shares
    ``MusicGeneratorCard.shares`` of the music that it learned from.
    """

    name: str
    mean: float
    deviation: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True)
class Latents:
    """A window of the network is ``frames`` latent frames of ``channels`` x ``bands``, each
    ``shrink`` times longer and higher in the spectrogram; ``scale`` makes them of unit size."""

    channels: int
    frames: int
    bands: int
    shrink: int
    scale: float


@dataclass(frozen=True, kw_only=True)
class MusicGeneratorCard(Card):
    """What a bundle says of its generator.

    ``spectrogram`` are the arguments of ``LogMel``; values -1 to 1 of the decoder are levels from
    its floor to ``range_db`` above it. ``conditions`` are in the order that the network takes.

    Raises:
        OptionError: numbers that fit no network, or no conditions.
    """

    kind: ClassVar[BundleKind] = BundleKind.MUSIC_GENERATOR

    spectrogram: Mapping[str, Any]
    range_db: float
    latents: Latents
    shares: tuple[float, ...]
    conditions: tuple[Condition, ...]
    metrics: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    data: list[dict[str, Any]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.labels:
            raise OptionError(f"a music generator has no labels, and here are {len(self.labels)}")
        LogMel.from_dict(dict(self.spectrogram))
        sizes = (self.latents.channels, self.latents.frames, self.latents.bands)
        if min(*sizes, self.latents.shrink) < 1 or self.latents.frames % 4:
            raise OptionError(f"its latents are {self.latents}")
        if not (self.latents.scale > 0 and self.range_db > 0):
            raise OptionError("its latents' scale and its range in dB are not both positive")
        if self.latents.bands * self.latents.shrink != self.spectrogram["bands"]:
            raise OptionError("its latents and its spectrogram have no bands in common")
        if list(self.shares) != sorted(self.shares) or len(self.shares) < 2:
            raise OptionError(f"its shares are {self.shares}, which do not rise")
        self._check_conditions()

    def _check_conditions(self) -> None:
        names = [condition.name for condition in self.conditions]
        if not names or len(set(names)) < len(names):
            raise OptionError("it names no conditions, or one twice")
        for condition in self.conditions:
            if not condition.deviation > 0 or len(condition.quantiles) != len(self.shares):
                raise OptionError(f"its condition {condition.name!r} has no scale")

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """Adds the spectrogram, the latents and the conditions. Raises ValueError."""
        features, latents = fields.part("spectrogram"), fields.part("latents")
        free = ("metrics", "training", "data", "limits")
        wholes = ("channels", "frames", "bands", "shrink")
        return {
            **super().values(fields),
            "spectrogram": {
                **{name: features.whole(name) for name in _WHOLES},
                **{name: features.number(name) for name in _NUMBERS},
            },
            "range_db": fields.number("range_db"),
            "latents": Latents(
                **{name: latents.whole(name) for name in wholes}, scale=latents.number("scale")
            ),
            "shares": fields.numbers("shares"),
            "conditions": tuple(_condition(each) for each in fields.parts("conditions")),
            **{name: fields[name] for name in free if name in fields},
        }


def _condition(fields: Fields) -> Condition:
    numbers = fields.number("mean"), fields.number("deviation"), fields.numbers("quantiles")
    return Condition(fields.text("name"), *numbers)
