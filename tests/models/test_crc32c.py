import struct

import pytest
import tensorflow_writer
from hypothesis import given
from hypothesis import strategies as st

from moodprint.models.crc32c import crc32c, unmasked


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),  # RFC 3720, B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_published_values(data: bytes, crc: int) -> None:
    assert crc32c(data) == crc


@given(st.binary(max_size=700))
def test_equals_the_slow_way_over_one_lane_or_many(data: bytes) -> None:
    stored = struct.unpack("<I", tensorflow_writer.masked_crc32c(data))[0]
    assert crc32c(data) == unmasked(stored)


def test_lanes_of_large_data_join_to_what_one_lane_gives() -> None:
    data = bytes(i * i % 251 for i in range(70_001))
    stored = struct.unpack("<I", tensorflow_writer.masked_crc32c(data))[0]
    assert crc32c(data) == unmasked(stored)
