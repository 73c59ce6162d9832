"""Protocol buffers read without their compiler: varints, and the fields of one message.

Source: https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Iterator

from moodprint.errors import BundleError

Field = tuple[int, int | bytes]
"""The number of a field and its value: an int for a varint or a fixed-width field, else bytes."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
_SIGN_BIT = 1 << 63


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    """The unsigned number that starts at ``position``, and the position after it.

    Raises:
        BundleError: the bytes end inside the number, or it is longer than 64 bits.
    """
    value = 0
    for index in range(_LONGEST_VARINT):
        if position + index >= len(data):
            raise BundleError("a number is cut off")
        byte = data[position + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, position + index + 1
    raise BundleError("a number is longer than 64 bits")


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message, in their order. Groups (long deprecated) are refused.

    Raises:
        BundleError: the bytes are no message.
    """
    position = 0
    while position < len(message):
        tag, position = read_varint(message, position)
        wire_type = tag & 7
        if wire_type == _VARINT:
            value, position = read_varint(message, position)
            yield tag >> 3, value
            continue
        if wire_type == _BYTES:
            size, position = read_varint(message, position)
        elif wire_type in (_FIXED32, _FIXED64):
            size = 4 if wire_type == _FIXED32 else 8
        else:
            raise BundleError(f"a message has a field of the unknown wire type {wire_type}")
        raw = message[position : position + size]
        if len(raw) != size:
            raise BundleError("a message is cut off")
        position += size
        yield tag >> 3, raw if wire_type == _BYTES else int.from_bytes(raw, "little")


def signed(value: int) -> int:
    """The int64 that a varint field holds."""
    return value - (1 << 64) if value & _SIGN_BIT else value
