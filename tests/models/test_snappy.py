import pytest
from tensorflow_writer import snappy_literals

from moodprint.errors import BundleError
from moodprint.models.snappy import decompress


def test_literals_come_back() -> None:
    data = bytes(range(256)) * 2
    assert decompress(snappy_literals(data)) == data


def test_a_long_literal_carries_its_length_in_bytes_of_its_own() -> None:
    data = bytes(i % 7 for i in range(300))
    long_literal = bytes([172, 2, 61 << 2]) + (299).to_bytes(2, "little") + data
    assert decompress(long_literal) == data


@pytest.mark.parametrize(
    ("copy", "text"),
    [
        (bytes([(0 << 5) | ((6 - 4) << 2) | 1, 3]), b"abcabcabc"),  # offset 3, length 6
        (bytes([((6 - 1) << 2) | 2, 3, 0]), b"abcabcabc"),
        (bytes([((6 - 1) << 2) | 3, 3, 0, 0, 0]), b"abcabcabc"),
        (bytes([((6 - 1) << 2) | 2, 1, 0]), b"abccccccc"),  # a run: the copy overlaps itself
        (bytes([((6 - 1) << 2) | 2, 2, 0]), b"abcbcbcbc"),
    ],
)
def test_copies_of_every_kind(copy: bytes, text: bytes) -> None:
    assert decompress(bytes([9, 2 << 2]) + b"abc" + copy) == text


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff\xff\xff\xff\x0f\x00a",  # announces 4 GiB
        bytes([9, 2 << 2]) + b"ab",  # cut in a literal
        bytes([9, 2 << 2]) + b"abc" + bytes([22, 4, 0]),  # refers before the start
        bytes([9, 2 << 2]) + b"abc" + bytes([22, 0, 0]),  # refers to nothing
        bytes([9, 2 << 2]) + b"abc" + bytes([22]),  # cut in a copy
        bytes([4, 2 << 2]) + b"abc",  # shorter than announced
        bytes([2, 2 << 2]) + b"abc",  # longer
    ],
)
def test_damage_is_refused(damaged: bytes) -> None:
    with pytest.raises(BundleError):
        decompress(damaged)
