"""Write a clip as an audio file, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import soundfile

from moodprint.audio.resample import resampled
from moodprint.clip import Clip
from moodprint.errors import EmptyFileError, unknown_name
from moodprint.files import atomic_file

_BLOCK = 1 << 16  # libsndfile's Vorbis encoder dies of minutes at a time
_OPUS_RATES_HZ = (8000, 12_000, 16_000, 24_000, 48_000)
_MP3_RATES_HZ = (8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


@dataclass(frozen=True)
class _Format:
    container: str
    coding: str
    rates_hz: tuple[int, ...] = ()  # all, where empty


FORMATS = {
    "wav": _Format("WAV", "PCM_16"),
    "flac": _Format("FLAC", "PCM_16"),
    "ogg": _Format("OGG", "VORBIS"),
    "opus": _Format("OGG", "OPUS", _OPUS_RATES_HZ),
    "mp3": _Format("MP3", "MPEG_LAYER_III", _MP3_RATES_HZ),
}
"""What can be written, by suffix. Lossless ones hold 16 bits; beyond full scale is clipped."""


def check_suffix(path: str | Path) -> str:
    """The format that a suffix names: to be asked before the work rather than after it.

    Raises:
        OptionError: a suffix not in FORMATS.
    """
    name = Path(path).suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise unknown_name("audio format", name, FORMATS)
    return name


def encode(clip: Clip, path: str | Path) -> Path:
    """Write a clip in the format that the suffix names; an older file there is replaced.

    The rate is changed to the next higher one where the format does not know the clip's. A
    process that dies midway leaves nothing under ``path``.

    Raises:
        OptionError: a suffix not in FORMATS. EmptyFileError: a clip without samples.
        NoPermissionError, InputError: the file cannot be written.
    """
    path = Path(path)
    name = check_suffix(path)
    if not clip.samples.shape[1]:
        raise EmptyFileError(f"{path}: there are no samples to write")
    form = FORMATS[name]
    clip = resampled(clip, _nearest_rate_hz(clip.sample_rate_hz, form.rates_hz))
    with atomic_file(path) as file:
        _write(clip, file, form)
    return path


def _write(clip: Clip, target: BinaryIO, form: _Format) -> None:
    samples = clip.samples.T
    with soundfile.SoundFile(
        target, "w", clip.sample_rate_hz, clip.channels, form.coding, format=form.container
    ) as file:
        for start in range(0, len(samples), _BLOCK):
            file.write(samples[start : start + _BLOCK])


def _nearest_rate_hz(rate_hz: int, known: tuple[int, ...]) -> int:
    return min((rate for rate in known if rate >= rate_hz), default=known[-1] if known else rate_hz)
