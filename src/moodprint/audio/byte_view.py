"""A file as decoders should see it: a range of its bytes, or with some bytes put right."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_NOTHING: Mapping[int, bytes] = MappingProxyType({})


class ByteView(io.RawIOBase):
    """The bytes [start, end) of a file, read-only. ``patches`` (offset in the view: bytes) lie over
    them; the file itself stays as it is."""

    def __init__(
        self,
        path: Path,
        start: int = 0,
        end: int | None = None,
        patches: Mapping[int, bytes] = _NOTHING,
    ) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._start = start
        self._size = (path.stat().st_size if end is None else end) - start
        self._patches = patches
        self._at = 0
        self.name = str(path)  # FFmpeg guesses by it, too

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The place in the view."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the view. Raises ValueError for one before its start."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"a place before the start: {base + offset}")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes from the current place on; b'' at the end."""
        left = max(0, self._size - self._at)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size is None or size < 0 else min(size, left))
        for offset, patch in self._patches.items():
            data = _patched(data, patch, offset - self._at)
        self._at += len(data)
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """As ``read``, into a buffer: soundfile asks so."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def _patched(data: bytes, patch: bytes, offset: int) -> bytes:
    """The data with what of the patch falls on it, the patch beginning at ``offset`` of it."""
    begin, end = max(0, offset), min(len(data), offset + len(patch))
    if begin >= end:
        return data
    return data[:begin] + patch[begin - offset : end - offset] + data[end:]
