"""Blocks of samples through libsndfile: twice as fast as FFmpeg on the formats that it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from moodprint.audio.media import check_format
from moodprint.clip import FloatArray

_MAGIC = (
    b"RIFF",
    b"RF64",
    b"fLaC",
    b"OggS",
    b"ID3",
    b"FORM",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf2",
    b"\xff\xfa",
)
_LONGEST_OGG_PAGE = 65_307
_OGG_LAST_PAGE = 4


class SoundFileReader:
    """One open file. ``blocks`` gives float32 [C, n] until the end.

    Raises:
        soundfile.LibsndfileError: libsndfile does not read this; another reader may.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = soundfile.SoundFile(str(path))
        self.sample_rate_hz: int = self._file.samplerate
        self.channels: int = self._file.channels
        check_format(path, self.sample_rate_hz, self.channels)

    @staticmethod
    def may_read(path: Path) -> bool:
        """Whether the first bytes look like a format that libsndfile knows."""
        with path.open("rb") as file:
            return file.read(4).startswith(_MAGIC)

    def blocks(
        self, block_s: float, start_s: float, warn: Callable[[str], None]
    ) -> Iterator[FloatArray]:
        frames = max(1, round(block_s * self.sample_rate_hz))
        announced = self._file.frames
        first = min(round(start_s * self.sample_rate_hz), announced)
        if first and self._file.seek(first) != first:
            return
        seen = first
        while True:
            block = self._file.read(frames, dtype="float32", always_2d=True)
            seen += len(block)
            if len(block):
                yield np.ascontiguousarray(block.T)
            if len(block) < frames:
                break
        if announced - seen > self.sample_rate_hz or self._is_cut():
            warn("the file is truncated: it was read as far as it goes")

    def _is_cut(self) -> bool:
        if self._file.format in ("WAV", "WAVEX", "RF64"):
            # libsndfile notes a data chunk that claims more bytes than the file has.
            return re.search(r"^data : .*\(should be", self._file.extra_info, re.M) is not None
        if self._file.format == "OGG":
            return not _ends_with_last_page(self._path)
        return False

    def close(self) -> None:
        self._file.close()


def _ends_with_last_page(path: Path) -> bool:
    """Whether the last page of an Ogg file is marked as the end of the stream (RFC 3533)."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 2 * _LONGEST_OGG_PAGE))
        tail = file.read()
    at = tail.rfind(b"OggS")
    return at >= 0 and len(tail) > at + 5 and bool(tail[at + 5] & _OGG_LAST_PAGE)
