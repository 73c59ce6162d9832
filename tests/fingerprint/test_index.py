"""An index finds what it was given, wherever, however fast and loud; and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from moodprint.clip import Clip, FloatArray
from moodprint.errors import IndexFileError, OptionError
from moodprint.fingerprint import MatchIndex, tracks_in

RATE_HZ = 16_000
MakeSong = Callable[..., FloatArray]


@pytest.fixture(scope="module")
def index(songs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> MatchIndex:
    index = MatchIndex.create(tmp_path_factory.mktemp("index") / "known")
    paths = sorted(songs_folder.iterdir())
    report = index.add(paths, names=[path.name for path in paths], workers=2)
    assert len(report.added) == 8
    return index


def excerpt(samples: FloatArray, start_s: float, duration_s: float) -> FloatArray:
    return samples[int(start_s * RATE_HZ) : int((start_s + duration_s) * RATE_HZ)]


@pytest.mark.parametrize("duration_s", [5, 15])
@pytest.mark.parametrize("seed", [0, 5])
def test_an_excerpt_is_found_where_it_was_taken(
    index: MatchIndex, make_song: MakeSong, seed: int, duration_s: float
) -> None:
    matches = index.query(Clip(excerpt(make_song(seed), 12.3, duration_s), RATE_HZ))
    assert [match.track for match in matches] == [f"song_{seed}.wav"]
    best = matches[0]
    assert best.track_offset_s - best.query_offset_s == pytest.approx(12.3, abs=0.1)
    assert best.speed == pytest.approx(1, abs=0.002)
    assert best.pitch_semitones == pytest.approx(0, abs=0.05)
    assert best.duration_s > 0.8 * duration_s


@pytest.mark.parametrize("speed", [0.9, 0.92, 1.03, 1.08, 1.1])
def test_a_resampled_excerpt_is_found_with_its_speed(
    index: MatchIndex, make_song: MakeSong, speed: float
) -> None:
    played = soxr.resample(excerpt(make_song(3), 8, 16), RATE_HZ * speed, RATE_HZ)
    best = index.query(Clip(played.astype(np.float32), RATE_HZ))[0]
    assert best.track == "song_3.wav"
    assert best.speed == pytest.approx(speed, rel=0.003)
    assert best.pitch_semitones == pytest.approx(12 * np.log2(speed), abs=0.1)
    assert best.track_offset_s - speed * best.query_offset_s == pytest.approx(8, abs=0.15)


@pytest.mark.parametrize("gain", [0.003, 0.1, 2.0])
def test_the_level_does_not_matter(index: MatchIndex, make_song: MakeSong, gain: float) -> None:
    matches = index.query(Clip(excerpt(make_song(1), 20, 15) * gain, RATE_HZ))
    assert [match.track for match in matches] == ["song_1.wav"]


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(100, np.float32),
        np.zeros(15 * RATE_HZ, np.float32),
        np.full(15 * RATE_HZ, 0.5, np.float32),
        np.random.default_rng(0).normal(0, 0.1, 15 * RATE_HZ).astype(np.float32),
        np.sin(np.arange(15 * RATE_HZ) * 2 * np.pi * 440 / RATE_HZ).astype(np.float32),
    ],
    ids=["empty", "shorter than a window", "silence", "constant", "noise", "tone"],
)
def test_what_is_no_music_matches_nothing(index: MatchIndex, samples: FloatArray) -> None:
    assert index.query(Clip(samples, RATE_HZ)) == ()


def test_an_unknown_song_matches_nothing(index: MatchIndex, make_song: MakeSong) -> None:
    assert index.query(Clip(make_song(99), RATE_HZ)) == ()


def test_a_medley_names_each_track_in_its_place(
    index: MatchIndex, make_song: MakeSong, tmp_path: Path
) -> None:
    parts = [make_song(2), excerpt(make_song(99), 0, 20), excerpt(make_song(6), 10, 25)]
    soundfile.write(tmp_path / "medley.wav", np.concatenate(parts), RATE_HZ)
    first, second = tracks_in(tmp_path / "medley.wav", index)
    assert (first.track, second.track) == ("song_2.wav", "song_6.wav")
    assert first.query_offset_s == pytest.approx(0, abs=1)
    assert first.duration_s == pytest.approx(40, abs=2)
    assert second.query_offset_s == pytest.approx(60, abs=1)
    assert second.track_offset_s == pytest.approx(10, abs=1)
    assert second.duration_s == pytest.approx(25, abs=2)


def test_known_content_is_not_added_twice(songs_folder: Path, tmp_path: Path) -> None:
    index = MatchIndex.create(tmp_path / "index")
    first = songs_folder / "song_0.wav"
    copy = tmp_path / "copy.wav"
    copy.write_bytes(first.read_bytes())
    assert index.add([first, copy], workers=1).known == (str(copy),)
    assert MatchIndex.open(tmp_path / "index").add([first]).known == (str(first),)
    assert len(index.tracks) == 1


def test_a_bad_file_is_reported_and_the_rest_go_on(songs_folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound")
    index = MatchIndex.create(tmp_path / "index")
    steps: list[tuple[str, int, int]] = []
    report = index.add(
        [bad, tmp_path / "missing.wav", songs_folder / "song_0.wav"],
        workers=1,
        progress=lambda *step: steps.append(step),
    )
    assert [path for path, _ in report.failed] == [str(bad), str(tmp_path / "missing.wav")]
    assert report.added == (str(songs_folder / "song_0.wav"),)
    assert steps == [("index files", done, 3) for done in (1, 2, 3)]


def test_each_path_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="2 paths need as many names, not 1"):
        MatchIndex.create(tmp_path / "index").add(["a", "b"], names=["a"])


def test_an_index_is_not_made_over_something(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(IndexFileError, match="new or empty folder"):
        MatchIndex.create(tmp_path)


def test_an_empty_index_answers_with_nothing(tmp_path: Path, make_song: MakeSong) -> None:
    index = MatchIndex.open_or_create(tmp_path / "index")
    assert index.query(Clip(make_song(0), RATE_HZ)) == ()
