import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorflow_writer import field, varint

from moodprint.errors import BundleError
from moodprint.models.protobuf_wire import fields, read_varint, signed


@given(st.integers(0, 2**64 - 1), st.binary(max_size=4))
def test_numbers_come_back_and_leave_what_follows(value: int, rest: bytes) -> None:
    raw = varint(value)
    assert read_varint(raw + rest, 0) == (value, len(raw))


def test_fields_keep_their_order_and_kind() -> None:
    message = field(1, 150) + field(2, b"testing") + b"\x1d\x01\x00\x00\x00" + field(1, 7)
    assert list(fields(message)) == [(1, 150), (2, b"testing"), (3, 1), (1, 7)]


def test_a_fixed64_is_a_number() -> None:
    assert list(fields(b"\x09" + (5).to_bytes(8, "little"))) == [(1, 5)]


def test_minus_one_takes_ten_bytes() -> None:
    value, _ = read_varint(b"\xff" * 9 + b"\x01", 0)
    assert signed(value) == -1
    assert signed(3) == 3


@pytest.mark.parametrize(
    "damaged", [b"\x08", b"\x08\x80", b"\x12\x05abc", b"\x0d\x01", b"\x0b", b"\x80" * 11]
)
def test_damage_is_refused(damaged: bytes) -> None:
    with pytest.raises(BundleError):
        list(fields(damaged))
