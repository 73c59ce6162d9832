"""The size that a media file's own header announces: shorter files were cut off on their way.

Read from the structure of the container, without decoding: RIFF and AIFF (IFF 85), ASF (Microsoft
2004, 3.2), ISO base media (ISO 14496-12, 4.2), Matroska (RFC 9559), and the Xing tag of mp3.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_UNKNOWN_LENGTH = 0x7FFF_0000
"""What a wav written to a pipe claims, at least: its writer could not know the length."""

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_EBML = b"\x1a\x45\xdf\xa3"
_MATROSKA_SEGMENT = b"\x18\x53\x80\x67"
_LONGEST_OGG_PAGE = 65_307
_OGG_LAST_PAGE = 4
_MOST_BOXES = 10_000
_HEAD = 8_192
_SLACK = 0.002
_HEADER = 16
"""Sloppy writers count a header or a last frame wrongly; so little is not worth a word."""


def announced_size_bytes(path: Path) -> int | None:
    """The size that the header announces; None where it announces none that can be believed."""
    with path.open("rb") as file:
        start = file.read(12)
        for matches, announced in _FORMATS:
            if matches(start):
                file.seek(0)
                return announced(file)
    return None


def is_cut_off(path: Path) -> bool:
    """Whether the end of the file is missing, as far as its format can tell."""
    with path.open("rb") as file:
        if file.read(4) == b"OggS":
            return not _ends_with_last_page(file)
    announced = announced_size_bytes(path)
    return announced is not None and path.stat().st_size < announced * (1 - _SLACK) - _HEADER


def _riff(file: BinaryIO) -> int | None:
    return _chunk_end(file, "<4xI")


def _aiff(file: BinaryIO) -> int | None:
    return _chunk_end(file, ">4xI")


def _chunk_end(file: BinaryIO, layout: str) -> int | None:
    head = file.read(8)
    size: int = struct.unpack(layout, head)[0] if len(head) == 8 else _UNKNOWN_LENGTH
    return size + 8 if size < _UNKNOWN_LENGTH else None


def _asf(file: BinaryIO) -> int | None:
    head = file.read(_HEAD)
    at = head.find(_ASF_FILE_PROPERTIES)
    if at < 0 or len(head) < at + 48:
        return None
    size: int = struct.unpack_from("<Q", head, at + 40)[0]
    return size or None


def _iso_media(file: BinaryIO) -> int | None:
    """The end of the last box at the top."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return at
        size: int = struct.unpack_from(">I", head)[0]
        if size == 1 and len(head) == 16:
            size = struct.unpack_from(">Q", head, 8)[0]
        if size < 8:  # 0 means "to the end of the file"; the rest is broken
            return None
        at += size
    return None


def _matroska(file: BinaryIO) -> int | None:
    """The end of the segment; live recordings leave its size open."""
    head = file.read(_HEAD)
    size, after = _ebml_size(head, len(_EBML))
    if size is None or head[after + size :][: len(_MATROSKA_SEGMENT)] != _MATROSKA_SEGMENT:
        return None
    size, after = _ebml_size(head, after + size + len(_MATROSKA_SEGMENT))
    return None if size is None else after + size


def _ebml_size(head: bytes, at: int) -> tuple[int | None, int]:
    """A variable-length number (RFC 8794, 4) and where it ends; None where it is "unknown"."""
    if at >= len(head) or head[at] == 0:
        return None, at
    length = 9 - head[at].bit_length()
    mask = (1 << 7 * length) - 1
    number = int.from_bytes(head[at : at + length]) & mask
    return (None if number == mask else number), at + length


def _mp3(file: BinaryIO) -> int | None:
    """Where the frames end, by the Xing (or Info) tag in the first of them."""
    begin = _after_id3(file)
    file.seek(begin)
    head = file.read(64)
    at = max(head.find(b"Xing"), head.find(b"Info"))
    if at < 0 or len(head) < at + 16:
        return None
    flags, _, size = struct.unpack_from(">4x3I", head, at)
    return begin + size if flags & 3 == 3 else None


def _after_id3(file: BinaryIO) -> int:
    head = file.read(10)
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    return 10 + sum(
        (byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)
    )


def _ends_with_last_page(file: BinaryIO) -> bool:
    """Whether an Ogg file ends with a whole page marked as the end of the stream (RFC 3533)."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 2 * _LONGEST_OGG_PAGE))
    tail = file.read()
    page = tail[max(0, tail.rfind(b"OggS")) :]
    if len(page) < 27 or not page[5] & _OGG_LAST_PAGE:
        return False
    lengths = page[27 : 27 + page[26]]
    return len(page) >= 27 + page[26] + sum(lengths)


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda start: start.startswith(magics)


is_mp3 = _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")
"""Whether a file that starts so may be mp3 (an ID3 tag may stand before others, too)."""

_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO], int | None]], ...] = (
    (_begins(b"RIFF"), _riff),
    (_begins(b"FORM"), _aiff),
    (_begins(_ASF_HEADER[:12]), _asf),
    (_begins(_EBML), _matroska),
    (is_mp3, _mp3),
    (lambda start: start[4:8] == b"ftyp", _iso_media),
)
