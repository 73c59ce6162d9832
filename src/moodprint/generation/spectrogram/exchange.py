"""From a file of sound to a picture, and from a picture to sound; files are read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.audio.decode import decode
from moodprint.clip import Clip, Origin
from moodprint.engine import file_limits, run_one
from moodprint.errors import InputError, OptionError
from moodprint.generation.spectrogram.inversion import ITERATIONS, samples_of_mel
from moodprint.generation.spectrogram.parameters import PictureParameters
from moodprint.generation.spectrogram.picture import LONGEST_COLUMNS, picture_bytes, read_picture
from moodprint.generation.spectrogram.transform import Transform

_LIMITS = file_limits(effort=4, memory_bytes=3 * 1024**3)
_LOUDEST = 0.89
"""Full scale less 1 dB: of a picture that does not tell its level, or tells one too high."""


@dataclass(frozen=True)
class PictureRequest:
    """The picture of a stretch of a file: 512 columns, 5.12 s, unless other ``seconds`` are named;
    what sounds shorter gives fewer. Surplus channels are mixed."""

    sound: str | Path
    start_s: float = 0.0
    seconds: float = 5.12
    stereo: bool = False

    def __post_init__(self) -> None:
        longest_s = LONGEST_COLUMNS / PictureParameters().columns_per_second
        if not 0.5 <= self.seconds <= longest_s:
            raise OptionError(f"a picture takes 0.5 to {longest_s:g} s, not {self.seconds:g}")
        if not self.start_s >= 0:
            raise OptionError(f"a picture starts at 0 s or later, not {self.start_s:g}")


def picture_of_sound(request: PictureRequest) -> bytes:
    """A PNG in Riffusion v1's format of what a file holds there, made in a process of its own.

    Raises:
        OptionError: too little sound there. InputError and its kinds: the file cannot be read.
        WorkerCrashedError, TimeLimitError, MemoryLimitError: the file ended its reader.
    """
    return run_one(_Draw(request), str(request.sound), limits=_LIMITS)


def sound_of_picture(path: str | Path, iterations: int = ITERATIONS) -> Clip:
    """The sound of a picture, by so many iterations of Griffin-Lim after its phase gradients, made
    in a process of its own.

    Raises:
        InputError and its kinds: no picture of a spectrogram.
        WorkerCrashedError, TimeLimitError, MemoryLimitError: the file ended its reader.
    """
    return run_one(_Sound(iterations), str(path), limits=_LIMITS)


@dataclass(frozen=True)
class _Draw:
    request: PictureRequest

    def __call__(self, path: str) -> bytes:
        parameters = replace(PictureParameters(), stereo=self.request.stereo)
        start_s = self.request.start_s
        clip = decode(
            path,
            sample_rate_hz=parameters.sample_rate_hz,
            mono=not parameters.stereo,
            start_s=start_s,
            stop_s=start_s + self.request.seconds,
        )
        if parameters.stereo and clip.channels > 2:
            raise InputError(f"{path}: has {clip.channels} channels; leave out --stereo")
        channels = np.broadcast_to(clip.samples, (1 + parameters.stereo, clip.samples.shape[1]))
        transform = Transform.of_pictures(parameters)
        mel = np.stack([transform.mel(one) for one in channels])
        # The last frame is centred on the first sample after the sound.
        return picture_bytes(mel[:, : max(2, clip.samples.shape[1] // transform.hop)], parameters)


@dataclass(frozen=True)
class _Sound:
    iterations: int

    def __call__(self, path: str) -> Clip:
        drawn = read_picture(path)
        channels = [samples_of_mel(mel, drawn.parameters, self.iterations) for mel in drawn.mel]
        samples = np.stack(channels)
        loudest = float(np.abs(samples).max(initial=0))
        if loudest > _LOUDEST or (loudest > 0 and not drawn.level_is_known):
            samples *= np.float32(_LOUDEST / loudest)
        return Clip(samples, drawn.parameters.sample_rate_hz, Origin(path))
