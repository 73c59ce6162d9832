import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.byte_view import ByteView

DATA = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("view") / "data"
    path.write_bytes(DATA)
    return path


@given(st.integers(0, 1024), st.integers(0, 1024), st.integers(0, 1100), st.integers(0, 1100))
def test_a_range_reads_as_the_slice_of_the_bytes(path, first, second, at, size) -> None:
    start, end = sorted((first, second))
    view = ByteView(path, start, end)
    view.seek(at)
    assert view.read(size) == DATA[start:end][at : at + size]
    view.close()


@given(st.integers(0, 1000), st.binary(max_size=30), st.integers(0, 1024), st.integers(1, 64))
def test_patches_lie_over_the_bytes_however_they_are_read(path, offset, patch, at, step) -> None:
    wanted = DATA[:offset] + patch + DATA[offset + len(patch) :]
    view = ByteView(path, patches={offset: patch})
    view.seek(at)
    found = b"".join(iter(lambda: view.read(step), b""))
    assert found == wanted[at : len(DATA)]
    view.close()


def test_it_can_be_read_into_a_buffer_and_sought_from_its_end(path) -> None:
    view = ByteView(path, 10, 20)
    assert view.seek(-4, io.SEEK_END) == 6
    buffer = bytearray(8)
    assert view.readinto(buffer) == 4
    assert bytes(buffer[:4]) == DATA[16:20]
    with pytest.raises(ValueError, match="before the start"):
        view.seek(-1)
    view.close()
