"""Blocks of samples through libsndfile: twice as fast as FFmpeg on the formats that it reads.

It gives up at the first damage, and trusts lengths that are guesses. So it gets the files that
it surely reads whole, and FFmpeg takes over where it stops before the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from moodprint.audio.byte_view import ByteView
from moodprint.audio.ffmpeg import check_format
from moodprint.audio.ogg_links import ogg_links
from moodprint.audio.read_pyav import PyAVReader
from moodprint.audio.truncation import announced_size_bytes, is_mp3
from moodprint.audio.unfilled_headers import header_patches
from moodprint.clip import FloatArray
from moodprint.errors import InputError

_UNKNOWN_FRAMES = 1 << 40
"""What libsndfile gives as the length of a FLAC from a pipe is larger than any recording."""

_ESTIMATED = ("ADPCM", "GSM", "G721", "G723", "NMS", "VOX", "DWVW")
"""Codings in blocks, of which libsndfile only estimates the length."""

_MAGIC = (b"RIFF", b"RF64", b"fLaC", b"OggS", b"FORM")
_MP3_SLACK = 0.01
"""Tags at the end make an mp3 a little larger than its frames."""


class SoundFileReader:
    """One open file. ``blocks`` gives float32 [C, n] until the end.

    Raises:
        soundfile.LibsndfileError: libsndfile does not read this, or only in part; another
            reader may. NotMediaError: a broken header.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        patches = header_patches(path)
        # As bytes: soundfile cannot spell a name that is not UTF-8.
        name = path if os.name == "nt" else os.fsencode(path)
        self._file = soundfile.SoundFile(ByteView(path, patches=patches) if patches else name)
        self.note = ""
        self.sample_rate_hz: int = self._file.samplerate
        self.channels: int = self._file.channels
        try:
            check_format(path, self.sample_rate_hz, self.channels)
            self._refuse_what_ffmpeg_reads_better()
        except BaseException:
            self._file.close()
            raise

    @staticmethod
    def may_read(path: Path) -> bool:
        """Whether the first bytes look like a format that libsndfile reads whole.

        Of an mp3 it reads as many frames as it expects, which is right only where a Xing tag
        tells the number, and the tag is right only where the file has the size that it tells.
        """
        with path.open("rb") as file:
            start = file.read(4)
        if start == b"OggS" and len(ogg_links(path)) > 1:
            return False  # it stops after the first link
        if not is_mp3(start):
            return start.startswith(_MAGIC)
        announced = announced_size_bytes(path)
        return announced is not None and abs(path.stat().st_size / announced - 1) < _MP3_SLACK

    def blocks(
        self, block_s: float, start_s: float, warn: Callable[[str], None]
    ) -> Iterator[FloatArray]:
        """The sound from ``start_s`` on in blocks [C, n] of ``block_s`` seconds."""
        frames = max(1, round(block_s * self.sample_rate_hz))
        seen = min(round(start_s * self.sample_rate_hz), self._file.frames)
        whole = False
        try:
            self._file.seek(seen)
            while len(block := self._file.read(frames, dtype="float32", always_2d=True)):
                seen += len(block)
                yield np.ascontiguousarray(block.T)
            whole = seen >= self._promised_frames
        except soundfile.LibsndfileError:
            pass  # told below
        if not whole:
            yield from self._rest(block_s, seen / self.sample_rate_hz, warn)

    def _rest(
        self, block_s: float, start_s: float, warn: Callable[[str], None]
    ) -> Iterator[FloatArray]:
        """What FFmpeg still finds from the place where libsndfile stopped."""
        warn(f"damaged somewhere after {start_s:.1f} s")
        try:
            other = PyAVReader(self._path)
        except InputError:
            return
        try:
            if (other.sample_rate_hz, other.channels) == (self.sample_rate_hz, self.channels):
                yield from other.blocks(block_s, start_s, warn)
        finally:
            other.close()

    @property
    def _promised_frames(self) -> int:
        """How many samples there are by the header; 0 where that is only an estimate."""
        return 0 if self._file.subtype.startswith(_ESTIMATED) else self._file.frames

    def _refuse_what_ffmpeg_reads_better(self) -> None:
        """libsndfile cannot find its way in a FLAC without a length, nor in some old codings."""
        if self._file.frames >= _UNKNOWN_FRAMES or not self._file.seekable():
            raise soundfile.LibsndfileError(
                0, f"{self._path}: of unknown length, or without a way back"
            )

    @property
    def expected_s(self) -> float | None:
        """About how long the sound is, by the header."""
        return float(self._file.frames / self.sample_rate_hz)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
