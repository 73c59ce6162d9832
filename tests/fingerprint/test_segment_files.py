"""A segment survives the disk, and damage to its files is refused."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import IndexFileError
from moodprint.fingerprint.peaks import extract_peaks
from moodprint.fingerprint.records import IndexedTrack
from moodprint.fingerprint.segment import IndexSegment, merged, segment_of
from moodprint.fingerprint.segment_files import open_segment, write_segment


def test_a_sound_without_peaks_makes_a_segment(tmp_path: Path) -> None:
    silence = extract_peaks(Clip(np.zeros(16_000, np.float32), 16_000))
    segment = segment_of(IndexedTrack("silence", "0", 1.0), silence)
    back = open_segment(tmp_path / "segment", write_segment(segment, tmp_path / "segment"))
    first, stop = back.lookup(np.array([5]), np.array([9]))
    assert (first == stop).all()
    assert len(merged([back, segment]).frames) == 0


def test_disk_gives_back_what_was_written(segments: list[IndexSegment], tmp_path: Path) -> None:
    checksum = write_segment(merged(segments), tmp_path / "segment")
    back = open_segment(tmp_path / "segment", checksum)
    assert back.tracks == merged(segments).tracks
    np.testing.assert_array_equal(back.keys(), merged(segments).keys())
    assert isinstance(back.frames, np.memmap)


def _cut(folder: Path) -> None:
    data = (folder / "frames.npy").read_bytes()
    (folder / "frames.npy").write_bytes(data[: len(data) // 2])


def _retype(folder: Path) -> None:
    np.save(folder / "rests.npy", np.load(folder / "rests.npy").astype(np.float64))


def _shorten(folder: Path) -> None:
    np.save(folder / "peaks.npy", np.load(folder / "peaks.npy")[:-3])


def _odd_starts(folder: Path) -> None:
    np.save(folder / "starts.npy", np.load(folder / "starts.npy")[:-5])


def _swapped_starts(folder: Path) -> None:
    starts = np.load(folder / "starts.npy")
    np.save(folder / "starts.npy", np.concatenate([starts[-2:0:-1], starts[:1], starts[-1:]]))


def _disorder(folder: Path) -> None:
    listing = json.loads((folder / "tracks.json").read_text())
    listing["tracks"].reverse()
    (folder / "tracks.json").write_text(json.dumps(listing))


def _pickle(folder: Path) -> None:
    np.save(folder / "frames.npy", np.array([{}], dtype=object), allow_pickle=True)


@pytest.mark.parametrize(
    "harm",
    [
        _cut,
        _retype,
        _shorten,
        _odd_starts,
        _swapped_starts,
        _disorder,
        _pickle,
        lambda folder: (folder / "starts.npy").unlink(),
        lambda folder: (folder / "tracks.json").write_text("{}"),
        lambda folder: (folder / "tracks.json").write_text('{"tracks": ['),
        lambda folder: (folder / "peaks.npy").write_bytes(b""),
    ],
)
def test_damage_is_refused(
    segments: list[IndexSegment], tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "segment"
    checksum = write_segment(merged(segments[:2]), folder)
    harm(folder)
    with pytest.raises(IndexFileError, match="segment"):
        open_segment(folder, checksum)


@pytest.mark.parametrize("harm", [_cut, _retype, _shorten, _odd_starts, _swapped_starts, _pickle])
def test_parts_that_contradict_each_other_are_refused_though_their_checksums_are_right(
    segments: list[IndexSegment], tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "segment"
    write_segment(merged(segments[:2]), folder)
    harm(folder)
    listing = json.loads((folder / "tracks.json").read_text())
    for name in listing["checksums"]:
        listing["checksums"][name] = zlib.crc32((folder / f"{name}.npy").read_bytes())
    (folder / "tracks.json").write_text(json.dumps(listing))
    with pytest.raises(IndexFileError, match="segment"):
        open_segment(folder, zlib.crc32((folder / "tracks.json").read_bytes()))


@pytest.mark.parametrize("name", ["starts.npy", "rests.npy", "frames.npy", "peaks.npy"])
def test_a_single_bit_is_noticed_wherever_it_is(
    segments: list[IndexSegment], tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "segment"
    checksum = write_segment(segments[0], folder)
    whole = (folder / name).read_bytes()
    for at in np.random.default_rng(0).integers(0, len(whole), 20):
        spoiled = bytearray(whole)
        spoiled[at] ^= 1 << int(at % 8)
        (folder / name).write_bytes(spoiled)
        with pytest.raises(IndexFileError, match=f"{name} is not what was written"):
            open_segment(folder, checksum)
    (folder / name).write_bytes(whole)
    assert open_segment(folder, checksum).tracks == segments[0].tracks


def test_files_of_two_segments_are_not_mixed(segments: list[IndexSegment], tmp_path: Path) -> None:
    checksums = [write_segment(segments[at], tmp_path / str(at)) for at in (0, 1)]
    shutil.copy(tmp_path / "1" / "tracks.json", tmp_path / "0" / "tracks.json")
    with pytest.raises(IndexFileError, match=r"tracks\.json is not what was written"):
        open_segment(tmp_path / "0", checksums[0])
    with pytest.raises(IndexFileError, match="is not what was written"):
        open_segment(tmp_path / "0", checksums[1])
