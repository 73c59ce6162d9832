import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorflow_writer import masked_crc32c, sorted_table

from moodprint.errors import BundleError
from moodprint.models.sorted_table import entries


@given(st.dictionaries(st.binary(max_size=9), st.binary(max_size=9), max_size=12), st.booleans())
def test_a_table_comes_back(pairs: dict[bytes, bytes], snappy: bool) -> None:
    written = sorted(pairs.items())
    assert list(entries(sorted_table(written, snappy))) == written


def test_every_altered_byte_of_a_block_is_noticed() -> None:
    table = sorted_table([(b"a", b"1"), (b"ab", b"2")])
    for position in range(18):
        altered = bytearray(table)
        altered[position] ^= 4
        with pytest.raises(BundleError, match="checksum"):
            list(entries(bytes(altered)))


@pytest.mark.parametrize("size", [0, 7, 47, 60])
def test_a_table_cut_short_is_refused(size: int) -> None:
    table = sorted_table([(b"a", b"1")])
    with pytest.raises(BundleError, match="no sorted table"):
        list(entries(table[:size]))


def test_blocks_that_lie_past_the_end_are_refused() -> None:
    table = sorted_table([(b"a", b"1")])
    with pytest.raises(BundleError, match="past the end"):
        list(entries(table[-48:]))


def test_an_unknown_compression_is_named() -> None:
    contents = b"\x00\x00\x00\x00" + b"\x04"
    table = contents + masked_crc32c(contents)
    footer = (b"\x00\x04" * 2).ljust(40, b"\x00") + bytes.fromhex("57fb808b247547db")
    with pytest.raises(BundleError, match="compression 4"):
        list(entries(table + footer))
