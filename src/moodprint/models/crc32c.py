"""CRC-32C (Castagnoli), the checksum of TensorFlow's and LevelDB's files, quick on megabytes.

A CRC runs byte after byte, which Python does slowly. So the bytes are cut into lanes of equal
length that run side by side in numpy, and neighbouring lanes are joined pair by pair: appending
n bytes to a message multiplies its CRC by a matrix over GF(2) that depends on n alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_ALL_ONES = 0xFFFFFFFF
_MOST_LANES = 4096
_BYTES_A_LANE = 64

Words = npt.NDArray[np.uint32]


def crc32c(data: bytes) -> int:
    """The CRC-32C of ``data``; 0 for no bytes."""
    lanes = 1
    while lanes < _MOST_LANES and 2 * lanes * _BYTES_A_LANE <= len(data):
        lanes *= 2
    length = len(data) // lanes
    first = len(data) - length * lanes
    head = _rest(_ALL_ONES, data[:first])
    columns = np.frombuffer(data, np.uint8, offset=first).reshape(lanes, length).T
    registers = np.zeros(lanes, np.uint32)
    registers[0] = head
    for column in np.ascontiguousarray(columns):
        registers = _TABLE[(registers ^ column) & 0xFF] ^ (registers >> 8)
    return int(_joined(registers, length)) ^ _ALL_ONES


def unmasked(stored: int) -> int:
    """The CRC behind one that a file stores: rotated and shifted, so that CRCs of CRCs differ."""
    rotated = (stored - _MASK_DELTA) & _ALL_ONES
    return ((rotated >> 17) | (rotated << 15)) & _ALL_ONES


def _rest(register: int, data: bytes) -> int:
    for byte in data:
        register = int(_TABLE[(register ^ byte) & 0xFF]) ^ (register >> 8)
    return register


def _joined(registers: Words, length: int) -> int:
    """One register for the lanes [L] (a power of two), each over ``length`` bytes."""
    append = _power(_ZERO_BYTE, length)
    while len(registers) > 1:
        registers = _times(append, registers[0::2]) ^ registers[1::2]
        append = _times(append, append)
    return int(registers[0])


def _times(matrix: Words, vectors: Words) -> Words:
    """A 32 x 32 matrix of bits (an image a bit, lowest first) times vectors [L]."""
    product = np.zeros_like(vectors)
    for bit in range(32):
        product ^= matrix[bit] * ((vectors >> np.uint32(bit)) & np.uint32(1))
    return product


def _power(matrix: Words, exponent: int) -> Words:
    result = np.uint32(1) << np.arange(32, dtype=np.uint32)
    while exponent:
        if exponent & 1:
            result = _times(matrix, result)
        matrix = _times(matrix, matrix)
        exponent >>= 1
    return result


def _table() -> Words:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1)
    return table


def _zero_byte(table: Words) -> Words:
    bits = np.uint32(1) << np.arange(32, dtype=np.uint32)
    step: Words = table[bits & 0xFF] ^ (bits >> 8)
    return step


_TABLE = _table()
_ZERO_BYTE = _zero_byte(_TABLE)
