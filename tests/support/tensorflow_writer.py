"""Writes small TensorFlow checkpoints, slowly and apart from the code that reads them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

DTYPES = {"f4": 1, "f8": 2, "i4": 3, "u1": 4, "i8": 9, "?": 10, "f2": 19}


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    return byte


CRCS = [_crc_of_byte(byte) for byte in range(256)]


def masked_crc32c(data: bytes) -> bytes:
    register = 0xFFFFFFFF
    for byte in data:
        register = CRCS[(register ^ byte) & 255] ^ (register >> 8)
    crc = register ^ 0xFFFFFFFF
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value % 128 + 128])
        value //= 128
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, bytes):
        return varint(number * 8 + 2) + varint(len(value)) + value
    return varint(number * 8) + varint(value)


def snappy_literals(data: bytes) -> bytes:
    """Snappy's framing without compressing: every 50 bytes one literal."""
    pieces = [data[i : i + 50] for i in range(0, len(data), 50)]
    return varint(len(data)) + b"".join(bytes([(len(p) - 1) * 4]) + p for p in pieces)


def block(pairs: list[tuple[bytes, bytes]], every: int = 3) -> bytes:
    out, restarts, before = b"", [], b""
    for index, (key, value) in enumerate(pairs):
        shared = 0
        if index % every == 0:
            restarts.append(len(out))
        else:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        out += varint(shared) + varint(len(key) - shared) + varint(len(value))
        out += key[shared:] + value
        before = key
    restarts = restarts or [0]
    return out + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def sorted_table(pairs: list[tuple[bytes, bytes]], snappy: bool = False, a_block: int = 4) -> bytes:
    out, index = b"", []

    def append(contents: bytes) -> bytes:
        nonlocal out
        contents = (snappy_literals(contents) + b"\x01") if snappy else (contents + b"\x00")
        handle = varint(len(out)) + varint(len(contents) - 1)
        out += contents + masked_crc32c(contents)
        return handle

    for first in range(0, len(pairs), a_block):
        some = pairs[first : first + a_block]
        index.append((some[-1][0], append(block(some))))
    handles = append(block([])) + append(block(index, every=1))
    return out + handles.ljust(40, b"\x00") + bytes.fromhex("57fb808b247547db")


def write_checkpoint(
    prefix: Path,
    tensors: Mapping[str, np.ndarray],
    *,
    shards: int = 1,
    big_endian: bool = False,
    snappy: bool = False,
) -> None:
    """PREFIX.index and its shards; tensors go to the shards in turn."""
    header = field(1, shards) + (field(2, 1) if big_endian else b"") + field(3, field(1, 1))
    pairs, data = [(b"", header)], [b""] * shards
    for index, name in enumerate(sorted(tensors)):
        tensor = np.asarray(tensors[name])
        shard = index % shards
        raw = tensor.astype(tensor.dtype.newbyteorder(">" if big_endian else "<")).tobytes()
        shape = b"".join(field(2, field(1, size)) for size in tensor.shape)
        entry = field(1, DTYPES[tensor.dtype.str.lstrip("<>|=").replace("b1", "?")])
        entry += field(2, shape) + field(3, shard) + field(4, len(data[shard]))
        entry += field(5, len(raw)) + varint(6 * 8 + 5) + masked_crc32c(raw)
        pairs.append((name.encode(), entry))
        data[shard] += raw
    prefix.parent.mkdir(parents=True, exist_ok=True)
    Path(f"{prefix}.index").write_bytes(sorted_table(pairs, snappy))
    for shard, raw in enumerate(data):
        Path(f"{prefix}.data-{shard:05d}-of-{shards:05d}").write_bytes(raw)
