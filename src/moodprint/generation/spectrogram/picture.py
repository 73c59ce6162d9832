"""Mel magnitudes as a picture with its parameters in EXIF, and read from one."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from moodprint.audio.media import readable_file
from moodprint.clip import FloatArray
from moodprint.errors import InputError, OptionError, unknown_name
from moodprint.generation.spectrogram.parameters import MAX_VALUE_TAG, PictureParameters

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_COLUMNS = 3000
"""Half a minute by default: what is made of more is too large for memory."""

_FULL_COLOUR = 32_768
"""Riffusion's magnitudes are of 16-bit samples."""
_USUAL_MAX = 30e6
"""The magnitude that full colour stands for in pictures that do not say, such as drawn ones."""


@dataclass(frozen=True)
class Drawn:
    """A picture's content: mel magnitudes [C, T, bands] of samples in [-1, 1], C = 1 or 2, and
    whether the picture says how loud it is."""

    mel: FloatArray
    parameters: PictureParameters
    level_is_known: bool


def picture_bytes(mel: FloatArray, parameters: PictureParameters) -> bytes:
    """A PNG of mel magnitudes [C, T, bands], C = 2 where it is stereo: the lowest band is at the
    bottom, louder is darker; silence is white."""
    from PIL.Image import fromarray

    loudest = float(mel.max(initial=0))
    relative = mel / loudest if loudest > 0 else np.zeros_like(mel)
    # Cut, not rounded, as the original does.
    colours = (255 - 255 * relative**parameters.power).astype(np.uint8)
    planes = colours.transpose(0, 2, 1)[:, ::-1]
    if parameters.stereo:
        planes = np.stack([np.zeros_like(planes[0]), planes[0], planes[1]])
    else:
        planes = np.repeat(planes[:1], 3, axis=0)
    image = fromarray(np.ascontiguousarray(planes.transpose(1, 2, 0)))
    exif = image.getexif()
    exif.update((parameters.to_exif() | {MAX_VALUE_TAG: loudest * _FULL_COLOUR}).items())
    content = io.BytesIO()
    image.save(content, "PNG", exif=exif)
    return content.getvalue()


def check_picture_suffix(path: str | Path) -> None:
    """Raises OptionError for another suffix than .png: others lose what is drawn."""
    name = Path(path).suffix.lower().removeprefix(".")
    if name != "png":
        raise unknown_name("picture format", name, ["png"])


def read_picture(path: str | Path) -> Drawn:
    """What a PNG, JPEG or WebP shows. To be called in a process of its own.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError: nothing to read there.
        InputError: no picture, a damaged one, or one that is no spectrogram of ours or Riffusion's.
    """
    readable_file(path)
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
            exif = dict(image.getexif())
            parameters = PictureParameters.from_exif(exif)
            _check_size(image, parameters)
            planes = np.asarray(image.convert("RGB"))
    except OptionError as error:
        raise InputError(f"{path}: {error}") from error
    except UnidentifiedImageError as error:
        raise InputError(f"{path}: is no picture; png, jpeg and webp are read") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{path}: is damaged, or too large a picture") from error
    chosen = planes[::-1, :, [1, 2] if parameters.stereo else [0]]
    relative = (255 - chosen.astype(np.float32)) / 255
    loudest = _loudest(exif)
    full = _USUAL_MAX if loudest is None else loudest
    mel = relative ** np.float32(1 / parameters.power) * np.float32(full / _FULL_COLOUR)
    return Drawn(
        np.ascontiguousarray(mel.transpose(2, 1, 0)), parameters, level_is_known=loudest is not None
    )


def _check_size(image: Image, parameters: PictureParameters) -> None:
    width, height = image.size
    if height != parameters.bands:
        raise OptionError(
            f"is {height} pixels high; a spectrogram of {parameters.bands} bands has a row each"
        )
    if not 2 <= width <= LONGEST_COLUMNS:
        raise OptionError(f"is {width} pixels wide; 2 to {LONGEST_COLUMNS} are made to sound")


def _loudest(exif: dict[int, Any]) -> float | None:
    """The magnitude of full colour, where the picture tells one that 16-bit samples can have."""
    try:
        value = float(exif[MAX_VALUE_TAG])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return value if 0 <= value < 1e10 else None
