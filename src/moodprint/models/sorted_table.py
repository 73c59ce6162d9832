"""A table of sorted keys and values in one file: LevelDB's format, which TensorFlow took over.

Source: https://github.com/google/leveldb/blob/main/doc/table_format.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from moodprint.errors import BundleError
from moodprint.models.crc32c import crc32c, unmasked
from moodprint.models.protobuf_wire import read_varint
from moodprint.models.snappy import decompress

_MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
_FOOTER_BYTES = 48
_UNCOMPRESSED, _SNAPPY = 0, 1
_WORD_BYTES = 4


class _Handle(NamedTuple):
    """Where a block lies in the file; its type byte and checksum follow its ``size`` bytes."""

    offset: int
    size: int


def entries(table: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The keys and values of a table, in the order of the keys.

    Raises:
        BundleError: the bytes are no table, or a block does not match its checksum.
    """
    footer = table[-_FOOTER_BYTES:]
    if len(table) < _FOOTER_BYTES or not footer.endswith(_MAGIC):
        raise BundleError("this is no sorted table: its last 8 bytes are not the format's mark")
    _, position = _handle(footer, 0)
    index, _ = _handle(footer, position)
    for _, raw_handle in _pairs(_block(table, index)):
        yield from _pairs(_block(table, _handle(raw_handle, 0)[0]))


def _handle(data: bytes, position: int) -> tuple[_Handle, int]:
    offset, position = read_varint(data, position)
    size, position = read_varint(data, position)
    return _Handle(offset, size), position


def _block(table: bytes, handle: _Handle) -> bytes:
    end = handle.offset + handle.size
    trailer = table[end : end + 1 + _WORD_BYTES]
    if len(trailer) != 1 + _WORD_BYTES:
        raise BundleError(f"the table's block at byte {handle.offset} lies past the end")
    if crc32c(table[handle.offset : end + 1]) != unmasked(int.from_bytes(trailer[1:], "little")):
        raise BundleError(f"the table's block at byte {handle.offset} fails its checksum")
    contents, compression = table[handle.offset : end], trailer[0]
    if compression == _SNAPPY:
        return decompress(contents)
    if compression != _UNCOMPRESSED:
        raise BundleError(
            f"the table's block at byte {handle.offset} has compression "
            f"{compression}; known: 0 (none), 1 (snappy)"
        )
    return contents


def _pairs(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Entries of one block: each key is told by what differs from the key before it."""
    restarts = int.from_bytes(block[-_WORD_BYTES:], "little")
    end = len(block) - _WORD_BYTES * (1 + restarts)
    if len(block) < _WORD_BYTES or end < 0:
        raise BundleError("a block of the table is shorter than its own list of restarts")
    position, key = 0, b""
    while position < end:
        shared, position = read_varint(block, position)
        own, position = read_varint(block, position)
        size, position = read_varint(block, position)
        if shared > len(key) or position + own + size > end:
            raise BundleError("an entry of the table reaches past its block")
        key = key[:shared] + block[position : position + own]
        position += own
        yield key, block[position : position + size]
        position += size
