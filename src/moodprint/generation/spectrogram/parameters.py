"""What a spectrogram picture is drawn by: the parameters of Riffusion, kept in the picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from moodprint.errors import OptionError

MAX_VALUE_TAG = 11080
"""Where Riffusion keeps the magnitude that full colour stands for."""

TRIPLED_TAG = 11007
"""Set in pictures of a later Riffusion whose colours are three bands each."""

_TAGS = {
    "sample_rate_hz": 11000,
    "stereo": 11005,
    "step_ms": 11010,
    "window_ms": 11020,
    "padded_ms": 11030,
    "bands": 11040,
    "lowest_hz": 11050,
    "highest_hz": 11060,
    "power": 11070,
}
_RANGES = {
    "sample_rate_hz": (8_000, 192_000),
    "step_ms": (1, 100),
    "window_ms": (5, 400),
    "padded_ms": (5, 400),
    "bands": (16, 2048),
    "lowest_hz": (0, 20_000),
    "highest_hz": (100, 96_000),
    "power": (0.05, 1),
}


@dataclass(frozen=True)
class PictureParameters:
    """How sound becomes the rows and columns of a picture; as Riffusion v1 has it by default.

    A column each ``step_ms`` is the spectrum under a Hann window of ``window_ms``, with zeros
    around it up to ``padded_ms``, summed up by ``bands`` triangles evenly spaced on the HTK mel
    scale; a colour is its magnitude to the ``power``. The colours green and blue hold left and
    right where it is ``stereo``. See github.com/riffusion/riffusion-hobby, spectrogram_params.py.

    Raises:
        OptionError: values out of range, or that do not fit together.
    """

    sample_rate_hz: int = 44_100
    stereo: bool = False
    step_ms: int = 10
    window_ms: int = 100
    padded_ms: int = 400
    bands: int = 512
    lowest_hz: int = 0
    highest_hz: int = 10_000
    power: float = 0.25

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise OptionError(f"{name} is {least:g} to {most:g}, not {value:g}")
        if not self.step_ms < self.window_ms <= self.padded_ms:
            raise OptionError(
                "a picture needs step_ms < window_ms <= padded_ms, "
                f"not {self.step_ms}, {self.window_ms} and {self.padded_ms}"
            )
        if not self.lowest_hz < self.highest_hz <= self.sample_rate_hz / 2:
            raise OptionError(
                f"bands lie within 0 to {self.sample_rate_hz / 2:g} Hz, "
                f"not {self.lowest_hz} to {self.highest_hz}"
            )

    @property
    def hop(self) -> int:
        """Samples from one column to the next: 441 by default."""
        return int(self.step_ms / 1000 * self.sample_rate_hz)

    @property
    def window(self) -> int:
        """Samples under the window: 4,410 by default."""
        return int(self.window_ms / 1000 * self.sample_rate_hz)

    @property
    def padded(self) -> int:
        """Samples of a transform, zeros included: 17,640 by default."""
        return int(self.padded_ms / 1000 * self.sample_rate_hz)

    @property
    def columns_per_second(self) -> float:
        """100 by default."""
        return self.sample_rate_hz / self.hop

    def to_exif(self) -> dict[int, Any]:
        """The values by Riffusion's tag numbers."""
        return {tag: getattr(self, name) for name, tag in _TAGS.items()}

    @classmethod
    def from_exif(cls, exif: Mapping[int, Any]) -> PictureParameters:
        """What a picture's tags say; Riffusion v1's where it has none of them.

        Raises:
            OptionError: tags that are no such values, or that stand for none of our pictures.
        """
        if exif.get(TRIPLED_TAG):
            raise OptionError("its colours are three bands each, which is not read")
        found = {}
        for field in fields(cls):
            if _TAGS[field.name] in exif:
                kind: Any = type(getattr(cls, field.name))
                found[field.name] = kind(_number(exif[_TAGS[field.name]], field.name))
        return cls(**found)


def _number(value: Any, name: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        number = math.nan
    if not math.isfinite(number):
        raise OptionError(f"{name} in its EXIF is no number")
    return number
