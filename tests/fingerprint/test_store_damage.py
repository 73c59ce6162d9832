"""Whatever happens to the files of an index, it answers as before or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moodprint.errors import IndexFileError
from moodprint.fingerprint import MatchIndex
from moodprint.fingerprint.peaks import extract_peaks


def damaged(data: bytes, way: str, random: np.random.Generator) -> bytes:
    """The bytes of a file after something that disks, copies and people do to files."""
    at = int(random.integers(0, len(data)))
    if way == "bit":
        return data[:at] + bytes([data[at] ^ 1 << int(random.integers(8))]) + data[at + 1 :]
    if way == "cut":
        return data[:at]
    if way == "zeros":
        length = min(512, len(data) - at)
        return data[:at] + bytes(length) + data[at + length :]
    if way == "swapped":
        half = len(data) // 2
        return data[half:] + data[:half]
    return data + data[:at]


@pytest.mark.parametrize("way", ["bit", "cut", "zeros", "swapped", "longer"])
def test_a_damaged_index_answers_as_before_or_not_at_all(
    songs_folder: Path, tmp_path: Path, way: str
) -> None:
    random = np.random.default_rng(ord(way[0]))
    folder = tmp_path / "index"
    files = sorted(songs_folder.iterdir())
    index = MatchIndex.create(folder)
    index.add(files[:2], workers=1)
    sounds = [extract_peaks(path) for path in (files[0], files[3])]
    expected = [index.query_peaks(sound) for sound in sounds]
    refused = 0
    for path in sorted(folder.rglob("*.*")):
        whole = path.read_bytes()
        for _ in range(8):
            path.write_bytes(damaged(whole, way, random))
            try:
                found = [MatchIndex.open(folder).query_peaks(sound) for sound in sounds]
                assert found == expected, path
            except IndexFileError:
                refused += 1
        path.write_bytes(whole)
    assert refused > 30
    assert [MatchIndex.open(folder).query_peaks(sound) for sound in sounds] == expected


def test_a_file_that_is_gone_is_named(songs_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    MatchIndex.create(folder).add([songs_folder / "song_0.wav"], workers=1)
    for path in sorted(folder.rglob("*.*")):
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexFileError, match=path.name):
            MatchIndex.open(folder)
        path.write_bytes(whole)
    assert len(MatchIndex.open(folder).tracks) == 1


def test_an_older_manifest_put_back_is_noticed(songs_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index = MatchIndex.create(folder)
    index.add([songs_folder / "song_0.wav"], workers=1)
    old = (folder / "manifest.json").read_bytes()
    index.add([songs_folder / "song_1.wav"], workers=1)  # merges: the first segment goes
    (folder / "manifest.json").write_bytes(old)
    with pytest.raises(IndexFileError, match="no whole segment"):
        MatchIndex.open(folder)
