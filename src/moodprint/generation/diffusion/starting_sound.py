"""The spectrogram of a file that music is to start from."""

from __future__ import annotations

from dataclasses import dataclass

from moodprint.audio.decode import decode
from moodprint.audio.spectrogram import LogMel
from moodprint.clip import FloatArray
from moodprint.errors import InputError

SHORTEST_S = 1.0


@dataclass(frozen=True)
class ReadSpectrogram:
    """Reads up to the first ``count`` frames [T, bands] of a file; sent to a worker process.

    Raises, when called:
        InputError and its kinds: the file cannot be read, or holds less than a second.
    """

    spectrogram: LogMel
    count: int

    def __call__(self, path: str) -> FloatArray:
        """Of the file at ``path``, its channels mixed."""
        rate, frames_per_s = self.spectrogram.sample_rate_hz, self.spectrogram.frames_per_second
        longest_s = self.count / frames_per_s
        clip = decode(path, sample_rate_hz=rate, mono=True, stop_s=longest_s)
        if clip.duration_s < SHORTEST_S:
            raise InputError(
                f"{path}: holds {clip.duration_s:.2f} s; music starts from {SHORTEST_S:g} s or more"
            )
        return self.spectrogram.of(clip.samples[0])[: self.count]
