"""A stretch of a file: the name of a piece of sound that is not in memory yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moodprint.audio.decode import AudioStream, decode
from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.media import probe
from moodprint.clip import Clip


@dataclass(frozen=True)
class Excerpt:
    """A stretch of a file, in seconds; to its end where ``end_s`` is None. ``options`` say which
    of its tracks is meant, and how much of it at most."""

    path: Path
    start_s: float = 0.0
    end_s: float | None = None
    options: DecodeOptions = DEFAULT_OPTIONS

    @classmethod
    def middle(cls, path: Path, longest_s: float) -> Excerpt:
        """``longest_s`` seconds of the middle of a file, by the length that its header says; from
        its start where it is shorter, or does not say.

        Raises:
            all that ``audio.media.probe`` raises: a missing file, no media, no audio.
        """
        start_s = max(0.0, ((probe(path).duration_s or 0.0) - longest_s) / 2)
        return cls(path, start_s, start_s + longest_s)

    def stream(self, *, sample_rate_hz: int | None = None, mono: bool = False) -> AudioStream:
        """Its sound in blocks: see ``AudioStream``, and for what it raises."""
        return AudioStream(
            self.path,
            sample_rate_hz=sample_rate_hz,
            mono=mono,
            start_s=self.start_s,
            stop_s=self.end_s,
            options=self.options,
        )

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
            options=self.options,
        )
