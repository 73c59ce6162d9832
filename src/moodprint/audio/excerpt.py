"""A stretch of a file: the name of a piece of sound that is not in memory yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moodprint.audio.decode import decode
from moodprint.clip import Clip


@dataclass(frozen=True)
class Excerpt:
    """A stretch of a file, in seconds; to its end where ``end_s`` is None."""

    path: Path
    start_s: float = 0.0
    end_s: float | None = None

    def decode(self, *, sample_rate_hz: int | None = None, mono: bool = False) -> Clip:
        """Its sound, at the file's own rate and in all channels unless asked otherwise.

        Raises:
            all that ``audio.decode.decode`` raises: a missing file, no audio, no sample there.
        """
        return decode(
            self.path,
            sample_rate_hz=sample_rate_hz,
            mono=mono,
            start_s=self.start_s,
            stop_s=self.end_s,
        )
