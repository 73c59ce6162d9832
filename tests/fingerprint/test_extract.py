"""A file's name in an index is its bytes; its peaks are those of its sound."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from moodprint.errors import EmptyFileError, MissingFileError, NotMediaError
from moodprint.fingerprint.extract import ReadTrack, error_line, hash_of_content
from moodprint.fingerprint.peaks import extract_peaks


def test_a_track_has_its_name_hash_length_and_peaks(songs_folder: Path) -> None:
    path = str(songs_folder / "song_0.wav")
    read = ReadTrack(frozenset())((path, "a song"))
    assert read is not None
    track, sound = read
    assert (track.name, track.duration_s) == ("a song", 40.0)
    assert track.content_hash == hash_of_content(path)
    np.testing.assert_array_equal(sound.peaks.frame, extract_peaks(path).peaks.frame)


def test_known_content_is_not_decoded(songs_folder: Path) -> None:
    path = str(songs_folder / "song_0.wav")
    assert ReadTrack(frozenset({hash_of_content(path)}))((path, "again")) is None


def test_the_hash_is_of_the_bytes_alone(songs_folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(songs_folder / "song_0.wav", tmp_path / "copy.bin"))
    hashes = {hash_of_content(path) for path in sorted(songs_folder.iterdir())}
    assert len(hashes) == 8
    assert hash_of_content(copy) in hashes
    assert all(len(name) == 32 for name in hashes)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(None, MissingFileError), (b"", EmptyFileError), (b"no sound", NotMediaError)],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes | None, kind: type[Exception]
) -> None:
    path = tmp_path / "file.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(kind, match=r"file\.wav"):
        ReadTrack(frozenset())((str(path), "name"))


def test_an_error_names_its_file_once() -> None:
    assert error_line("a.wav", ValueError("a.wav: is bad")) == "a.wav: is bad"
    assert error_line("a.wav", ValueError("is bad")) == "a.wav: is bad"
    assert error_line("a.wav", ZeroDivisionError()) == "a.wav: ZeroDivisionError"
