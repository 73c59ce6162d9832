"""Snappy blocks decompressed: the compression that LevelDB-format tables may use.

Source: https://github.com/google/snappy/blob/main/format_description.txt.
"""

from __future__ import annotations

from moodprint.errors import BundleError
from moodprint.models.protobuf_wire import read_varint

_LITERAL = 0
_COPY_OFFSET_BYTES = {1: 1, 2: 2, 3: 4}
_LONGEST_INLINE_LITERAL = 60
_MOST_BYTES = 1 << 28


def decompress(data: bytes) -> bytes:
    """The bytes behind one Snappy block.

    Raises:
        BundleError: the block is damaged, or announces more than 256 MiB.
    """
    size, position = read_varint(data, 0)
    if size > _MOST_BYTES:
        raise BundleError(f"a compressed block announces {size} bytes, more than {_MOST_BYTES}")
    out = bytearray()
    while position < len(data) and len(out) <= size:
        tag = data[position]
        if tag & 3 == _LITERAL:
            position = _append_literal(out, data, position)
        else:
            position = _append_copy(out, data, position)
    if len(out) != size:
        raise BundleError(f"a compressed block gave {len(out)} bytes and announced {size}")
    return bytes(out)


def _append_literal(out: bytearray, data: bytes, position: int) -> int:
    length = data[position] >> 2
    position += 1
    if length >= _LONGEST_INLINE_LITERAL:
        extra = length - _LONGEST_INLINE_LITERAL + 1
        length = int.from_bytes(data[position : position + extra], "little")
        position += extra
    end = position + length + 1
    if end > len(data):
        raise BundleError("a compressed block is cut off")
    out += data[position:end]
    return end


def _append_copy(out: bytearray, data: bytes, position: int) -> int:
    tag = data[position]
    end = position + 1 + _COPY_OFFSET_BYTES[tag & 3]
    offset = int.from_bytes(data[position + 1 : end], "little")
    length = (tag >> 2) + 1
    if tag & 3 == 1:
        length = ((tag >> 2) & 7) + 4
        offset |= (tag >> 5) << 8
    if end > len(data) or not 0 < offset <= len(out):
        raise BundleError("a compressed block refers to bytes before its start")
    repeated = bytes(out[-offset:][:length])
    out += (repeated * (length // len(repeated) + 1))[:length]
    return end
