"""Headers whose lengths were never filled in, as recorders that crashed leave them.

Writers put 0 (or the largest number) where the length will stand and fill it in at the end. Readers
believe the 0 and hear nothing. RIFF, RF64 (EBU Tech 3306), Wave64, AIFF, Sun/NeXT audio and Core
Audio.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

_MOST_CHUNKS = 1_000
_LARGEST = 0xFFFF_FFFF
_LARGEST_LONG = 0xFFFF_FFFF_FFFF_FFFF


def header_patches(path: Path) -> Mapping[int, bytes]:
    """What to put over the file's bytes (offset: bytes) so that its length is what there is; empty
    where the header is filled in, or of a kind that needs no length."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        for magic, patches in _KINDS.items():
            if start.startswith(magic):
                return patches(file, size)
    return {}


def _riff(file: BinaryIO, size: int) -> Mapping[int, bytes]:
    found = _data_chunk(file, b"data", "<")
    if found is None or not _never_filled(*found, size):
        return {}
    at, _ = found
    held = min(size - at - 8, _LARGEST - 1)
    return {4: struct.pack("<I", min(size - 8, _LARGEST - 1)), at + 4: struct.pack("<I", held)}


def _rf64(file: BinaryIO, size: int) -> Mapping[int, bytes]:
    found, long = _data_chunk(file, b"data", "<"), _data_chunk(file, b"ds64", "<")
    if found is None or long is None or found[1] != _LARGEST:
        return _riff(file, size)
    at, _ = found
    file.seek(long[0] + 16)
    held = int.from_bytes(file.read(8), "little")
    if held not in (0, _LARGEST_LONG) or size <= at + 8:
        return {}
    return {long[0] + 8: struct.pack("<QQ", size - 8, size - at - 8)}


def _wave64(file: BinaryIO, size: int) -> Mapping[int, bytes]:
    """Chunks begin with an identifier of 16 bytes and a size of 8 that counts all 24 of these."""
    at = 40
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(24)
        if len(head) < 24:
            return {}
        held = int.from_bytes(head[16:], "little")
        if head.startswith(b"data"):
            unfilled = held in (0, 24, _LARGEST_LONG) and size > at + 24
            patches = {16: struct.pack("<Q", size), at + 16: struct.pack("<Q", size - at)}
            return patches if unfilled else {}
        if held > size:
            return {}
        at += max(24, held + -held % 8)
    return {}


def _aiff(file: BinaryIO, size: int) -> Mapping[int, bytes]:
    found, common = _data_chunk(file, b"SSND", ">"), _data_chunk(file, b"COMM", ">")
    if found is None or common is None or not _never_filled(*found, size):
        return {}
    at, _ = found
    file.seek(common[0] + 8)
    channels, _, bits = struct.unpack(">hIh", file.read(8))
    frame_bytes = max(1, channels * ((bits + 7) // 8))
    held = size - at - 16  # an offset and a block size stand before the samples
    return {
        4: struct.pack(">I", size - 8),
        at + 4: struct.pack(">I", held + 8),
        common[0] + 10: struct.pack(">I", held // frame_bytes),
    }


def _au(file: BinaryIO, size: int) -> Mapping[int, bytes]:
    file.seek(4)
    head = file.read(8)
    if len(head) < 8:
        return {}
    offset, held = struct.unpack(">II", head)
    return {8: struct.pack(">I", _LARGEST)} if held == 0 and size > offset else {}


def _caf(file: BinaryIO, size: int) -> Mapping[int, bytes]:
    at = 8
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(12)
        if len(head) < 12:
            return {}
        name, held = struct.unpack(">4sq", head)
        if name == b"data":
            return {at + 4: struct.pack(">q", -1)} if held == 0 and size > at + 12 else {}
        if not 0 <= held < size:
            return {}
        at += 12 + held
    return {}


def _never_filled(at: int, held: int, size: int) -> bool:
    """Whether a chunk says that it is empty though it is the last thing in a file that goes on."""
    return held == 0 and size > at + 8


def _data_chunk(file: BinaryIO, wanted: bytes, order: str) -> tuple[int, int] | None:
    """Where the chunk of that name begins, and the length that it claims."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return None
        name, held = struct.unpack(f"{order}4sI", head)
        if name == wanted:
            return at, held
        at += 8 + held + held % 2
    return None


_KINDS: Mapping[bytes, Callable[[BinaryIO, int], Mapping[int, bytes]]] = {
    b"RIFF": _riff,
    b"RF64": _rf64,
    b"riff\x2e\x91\xcf\x11": _wave64,
    b"FORM": _aiff,
    b".snd": _au,
    b"caff": _caf,
}
