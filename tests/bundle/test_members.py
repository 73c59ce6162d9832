"""Files of a bundle that a stranger made: each ends in one line, and nothing outside is read."""

import os
import struct
import zipfile

import pytest

from moodprint.bundle.members import read_member
from moodprint.errors import BundleError

MOST = 1000


def test_a_file_of_a_folder_and_an_entry_of_a_zip_are_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b"{}")
    assert read_member(tmp_path, "a.json", MOST) == b"{}"
    assert read_member(tmp_path / "a.zip", "a.json", MOST) == b"{}"


def test_what_is_just_as_large_as_it_may_be_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * MOST)
    assert len(read_member(tmp_path, "a", MOST)) == MOST


def _missing(folder):
    return folder


def _too_large(folder):
    (folder / "a").write_bytes(b"x" * (MOST + 1))
    return folder


def _pipe(folder):
    os.mkfifo(folder / "a")
    return folder


def _folder(folder):
    (folder / "a").mkdir()
    return folder


def _link(folder):
    outside = folder.parent / "secret"
    outside.write_bytes(b"secret")
    (folder / "a").symlink_to(outside)
    return folder


def _device(folder):
    (folder / "a").symlink_to("/dev/zero")
    return folder


def _pipe_for_a_zip(folder):
    os.mkfifo(folder / "b.zip")
    return folder / "b.zip"


def _zip(folder, content, compression=zipfile.ZIP_DEFLATED):
    path = folder / "b.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("a", content)
    return path


def _bomb(folder):
    return _zip(folder, b"\0" * (64 * 1024**2))


def _large_entry(folder):
    return _zip(folder, bytes(range(256)) * 5)


def _lying_size(folder):
    path = _zip(folder, b"\0" * 5_000_000)
    content = bytearray(path.read_bytes())
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<L", 10)
    path.write_bytes(content)
    return path


def _broken(compression):
    def make(folder):
        path = _zip(folder, os.urandom(500) + b"a" * 400, compression)
        content = bytearray(path.read_bytes())
        content[40:120] = bytes(80)
        path.write_bytes(content)
        return path

    return make


def _cut(folder):
    path = _zip(folder, b"hello")
    path.write_bytes(path.read_bytes()[:-30])
    return path


def _long_directory(folder):
    path = _zip(folder, b"hello")
    content = bytearray(path.read_bytes())
    content[-22 + 12 : -22 + 16] = struct.pack("<L", 2**31)
    path.write_bytes(content)
    return path


def _other_file(folder):
    (folder / "b.zip").write_bytes(b"no zip at all" * 100)
    return folder / "b.zip"


def _encrypted(folder):
    path = _zip(folder, b"hello")
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_missing, "has no a"),
        (_too_large, "a is larger than 1,000 bytes"),
        (_pipe, "a is no regular file"),
        (_folder, "a is no regular file"),
        (_link, "a is a link"),
        (_device, "a is a link"),
        (_pipe_for_a_zip, "neither a folder nor a regular file"),
        (_bomb, "larger than"),
        (_large_entry, "larger than"),
        (_lying_size, "is no model bundle"),
        (_broken(zipfile.ZIP_DEFLATED), "is no model bundle"),
        (_broken(zipfile.ZIP_LZMA), "is no model bundle"),
        (_broken(zipfile.ZIP_BZIP2), "is no model bundle"),
        (_cut, "is no model bundle"),
        (_long_directory, "too many entries"),
        (_other_file, "neither a folder nor a zip"),
        (_encrypted, "is no model bundle"),
    ],
)
def test_what_a_stranger_made_is_refused_by_one_line(tmp_path, make, said):
    folder = tmp_path / "bundle"
    folder.mkdir()
    with pytest.raises(BundleError, match=said) as refused:
        read_member(make(folder), "a", MOST)
    assert "\n" not in str(refused.value)


def test_an_entry_that_grows_out_of_proportion_is_refused_even_where_so_much_may_be_read(tmp_path):
    with pytest.raises(BundleError, match="a grows too much"):
        read_member(_bomb(tmp_path), "a", 2**30)
