"""Media files broken along their own structure: atoms, chunks, pages, elements and frames.

Random bytes seldom pass a parser's first look; a whole atom twice, a size that lies, a page out of
place with the right checksum go deep into it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Element(NamedTuple):
    """A part of a file from ``start`` to ``end``; its size stands in ``size_bytes`` bytes from
    ``size_at`` on (0: nowhere), its content begins at ``content``."""

    start: int
    end: int
    size_at: int
    size_bytes: int
    order: str
    content: int


def mutated_structure(data: bytes, suffix: str, rng: np.random.Generator) -> bytes:
    """The file after one to three changes to its elements; unchanged where none is found."""
    find = _FINDERS.get(suffix, _pieces)
    for _ in range(rng.integers(1, 4)):
        elements = list(find(data))
        if not elements:
            return data
        chosen = elements[int(rng.integers(len(elements)))]
        other = elements[int(rng.integers(len(elements)))]
        change = _CHANGES[int(rng.integers(len(_CHANGES)))]
        data = change(data, chosen, other, rng)
    return with_right_checksums(data) if data[:4] == b"OggS" else data


def _drop(data: bytes, one: Element, _: Element, __: np.random.Generator) -> bytes:
    return data[: one.start] + data[one.end :]


def _repeat(data: bytes, one: Element, _: Element, rng: np.random.Generator) -> bytes:
    times = int(rng.choice([2, 3, 20])) if one.end - one.start < 50_000 else 2
    return data[: one.start] + data[one.start : one.end] * times + data[one.end :]


def _move(data: bytes, one: Element, other: Element, _: np.random.Generator) -> bytes:
    piece, rest = data[one.start : one.end], data[: one.start] + data[one.end :]
    at = min(other.start, len(rest))
    return rest[:at] + piece + rest[at:]


def _lie(data: bytes, one: Element, _: Element, rng: np.random.Generator) -> bytes:
    """Another size than the element has."""
    if not one.size_bytes:
        return _fill(data, one, one, rng)
    size, most = one.end - one.start, 256**one.size_bytes - 1
    choices = (0, 1, 7, size - 1, size + 1, size * 2, most // 2, most - 7, most)
    claim = min(max(0, choices[int(rng.integers(len(choices)))]), most)
    packed = claim.to_bytes(one.size_bytes, "little" if one.order == "<" else "big")
    return data[: one.size_at] + packed + data[one.size_at + one.size_bytes :]


def _fill(data: bytes, one: Element, _: Element, rng: np.random.Generator) -> bytes:
    """An extreme number somewhere in the content's beginning, where counts and rates stand."""
    width = int(rng.choice([1, 2, 4, 8]))
    number = _EXTREMES[int(rng.integers(len(_EXTREMES)))](width)
    at = one.content + int(rng.integers(0, max(1, min(80, one.end - one.content))))
    return data[:at] + number + data[at + width :]


def _shorten(data: bytes, one: Element, _: Element, rng: np.random.Generator) -> bytes:
    """Part of the content gone, and the size right."""
    kept = int(rng.integers(min(one.content, one.end), one.end + 1))
    shorter = data[:kept] + data[one.end :]
    if not one.size_bytes:
        return shorter
    order = "little" if one.order == "<" else "big"
    old = int.from_bytes(data[one.size_at : one.size_at + one.size_bytes], order)
    size = max(0, old - (one.end - kept)).to_bytes(one.size_bytes, order)
    return shorter[: one.size_at] + size + shorter[one.size_at + one.size_bytes :]


def _nest(data: bytes, one: Element, _: Element, rng: np.random.Generator) -> bytes:
    """The element within itself, many times."""
    head = data[one.start : one.content]
    return data[: one.content] + head * int(rng.choice([2, 30, 2_000])) + data[one.content :]


_CHANGES: tuple[Callable[[bytes, Element, Element, np.random.Generator], bytes], ...] = (
    *(_drop, _repeat, _move, _lie, _lie, _fill, _fill, _shorten, _nest),
)
_EXTREMES: tuple[Callable[[int], bytes], ...] = (
    bytes,
    lambda width: b"\xff" * width,
    lambda width: b"\x7f" + b"\xff" * (width - 1),
    lambda width: b"\xff" * (width - 1) + b"\x7f",
    lambda width: bytes(width - 1) + b"\x01",
    lambda width: b"\x80" + bytes(width - 1),
)


def _chunks(data: bytes) -> Iterator[Element]:
    """Of RIFF (little-endian) and AIFF (big-endian): the whole, and each chunk in it."""
    order = "<" if data[:4] in (b"RIFF", b"RIFX", b"RF64") else ">"
    yield Element(0, len(data), 4, 4, order, 12)
    place = 12
    while place + 8 <= len(data):
        (size,) = struct.unpack_from(order + "L", data, place + 4)
        end = min(len(data), place + 8 + size + size % 2)
        yield Element(place, end, place + 4, 4, order, place + 8)
        place = end


def _caf_chunks(data: bytes) -> Iterator[Element]:
    place = 8
    while place + 12 <= len(data):
        (size,) = struct.unpack_from(">q", data, place + 4)
        end = min(len(data), place + 12 + size) if size >= 0 else len(data)
        yield Element(place, end, place + 4, 8, ">", place + 12)
        place = end


def _wave64_chunks(data: bytes) -> Iterator[Element]:
    place = 40
    while place + 24 <= len(data):
        (size,) = struct.unpack_from("<Q", data, place + 16)
        end = min(len(data), place + max(24, size + -size % 8))
        yield Element(place, end, place + 16, 8, "<", place + 24)
        place = end


def _midi_chunks(data: bytes) -> Iterator[Element]:
    """The chunks of a Standard MIDI File, and pieces of eight bytes in its tracks."""
    place = 0
    while place + 8 <= len(data):
        (size,) = struct.unpack_from(">L", data, place + 4)
        end = min(len(data), place + 8 + size)
        yield Element(place, end, place + 4, 4, ">", place + 8)
        for piece in range(place + 8, end, 8):
            yield Element(piece, min(end, piece + 8), 0, 0, "", piece)
        place = end


_ATOMS_OF_ATOMS = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts", b"moof", b"traf", b"mvex")
)


def _atoms(data: bytes, place: int = 0, end: int | None = None) -> Iterator[Element]:
    end = len(data) if end is None else end
    while place + 8 <= end:
        size, name = struct.unpack_from(">L4s", data, place)
        stop = min(end, place + size) if size >= 8 else end
        yield Element(place, stop, place, 4, ">", place + 8)
        if name in _ATOMS_OF_ATOMS:
            yield from _atoms(data, place + 8, stop)
        place = stop


_MASTERS = frozenset(
    bytes.fromhex(each)
    for each in ("1a45dfa3", "18538067", "1549a966", "1654ae6b", "ae", "e1", "1f43b675", "a0")
)


def _ebml(data: bytes, place: int = 0, end: int | None = None) -> Iterator[Element]:
    """Elements of Matroska and WebM (RFC 8794): an identifier, a size of 1 to 8 bytes, content."""
    end = len(data) if end is None else end
    while place + 2 <= end and data[place]:
        id_bytes = 9 - data[place].bit_length()
        size_at = place + id_bytes
        if size_at >= end or not data[size_at]:
            return
        size_bytes = 9 - data[size_at].bit_length()
        content = size_at + size_bytes
        size = int.from_bytes(data[size_at:content], "big") & (1 << 7 * size_bytes) - 1
        stop = min(end, content + size)
        yield Element(place, stop, size_at, size_bytes, ">", content)
        if data[place:size_at] in _MASTERS:
            yield from _ebml(data, content, stop)
        place = stop


def _ogg_pages(data: bytes) -> Iterator[Element]:
    starts = [match.start() for match in re.finditer(b"OggS", data)]
    for start, end in pairwise([*starts, len(data)]):
        yield Element(start, end, start + 26, 1, "<", start + 4)


def _flac_blocks(data: bytes) -> Iterator[Element]:
    place, last = 4, False
    while place + 4 <= len(data) and not last:
        last = bool(data[place] & 0x80)
        end = min(len(data), place + 4 + int.from_bytes(data[place + 1 : place + 4], "big"))
        yield Element(place, end, place + 1, 3, ">", place + 4)
        place = end
    yield from _frames(data, place)


def _frames(data: bytes, first: int = 0) -> Iterator[Element]:
    """Frames of mp3, AAC and FLAC begin with eleven bits set or more."""
    starts = [match.start() for match in re.finditer(rb"\xff[\xe0-\xff]", data[first:])]
    for start, end in pairwise([*starts, len(data) - first]):
        yield Element(first + start, first + end, 0, 0, "", first + start + 2)


def _packets(data: bytes) -> Iterator[Element]:
    for start in range(0, len(data), 188):
        yield Element(start, min(len(data), start + 188), 0, 0, "", start + 4)


def _pieces(data: bytes) -> Iterator[Element]:
    for start in range(0, len(data), 256):
        yield Element(start, min(len(data), start + 256), 0, 0, "", start)


_FINDERS: dict[str, Callable[[bytes], Iterator[Element]]] = {
    **dict.fromkeys((".wav", ".aiff", ".avi"), _chunks),
    **dict.fromkeys((".mp4", ".m4a", ".mov"), _atoms),
    **dict.fromkeys((".mkv", ".webm"), _ebml),
    **dict.fromkeys((".ogg", ".opus"), _ogg_pages),
    **dict.fromkeys((".mp3", ".aac"), _frames),
    ".flac": _flac_blocks,
    ".caf": _caf_chunks,
    ".w64": _wave64_chunks,
    ".mid": _midi_chunks,
    ".ts": _packets,
}


def with_right_checksums(data: bytes) -> bytes:
    """Every page of Ogg with the checksum that its bytes have (RFC 3533), as a page is told."""
    pages = bytearray(data)
    for page in _ogg_pages(data):
        if page.end - page.start < 27:
            continue
        size = 27 + data[page.start + 26] + sum(data[page.start + 27 :][: data[page.start + 26]])
        end = min(len(data), page.start + size)
        pages[page.start + 22 : page.start + 26] = bytes(4)
        checksum = _ogg_crc(bytes(pages[page.start : end]))
        pages[page.start + 22 : page.start + 26] = struct.pack("<L", checksum)
    return bytes(pages)


def _ogg_crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC_OF[(crc >> 24) ^ byte]
    return crc


def _crc_of(byte: int) -> int:
    crc = byte << 24
    for _ in range(8):
        crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


_CRC_OF = tuple(map(_crc_of, range(256)))
