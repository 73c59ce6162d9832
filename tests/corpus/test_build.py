"""A corpus from recordings: what is in it, and that a killed run ends as if it had not been."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from moodprint.corpus.build import BuildSettings, build
from moodprint.corpus.clips import ClipRule, Remainder
from moodprint.corpus.duplicate_groups import Method
from moodprint.corpus.lookup import Recognised
from moodprint.corpus.manifest import read, read_clip, read_rows
from moodprint.errors import CorpusError, MissingFileError, NoMediaFoundError, OptionError
from moodprint.files import DRAFTS, locked

OFFLINE = frozenset((Method.LANDMARKS, Method.CHROMA, Method.NAMES))
RULE = BuildSettings(methods=OFFLINE, workers=1)


@pytest.fixture(scope="module")
def built(recordings, tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "corpus"
    return out, build(recordings, out, RULE)


def test_songs_are_found_and_cut(built):
    rows = read(built[0])
    songs = rows.group_by("song_id").agg(pl.first("emotion"), pl.min("start_s"))
    starts = sorted((emotion, round(start_s)) for _, emotion, start_s in songs.iter_rows())
    assert starts == [("happy", 0), ("happy", 13), ("sad", 0), ("sad", 0), ("sad", 13)]
    assert (rows["end_s"] - rows["start_s"]).to_list() == pytest.approx([5.0] * 10)


def test_the_same_tune_under_two_emotions_is_one_group_and_a_conflict(built):
    rows = read(built[0])
    groups = {
        name: set(part["song_id"])
        for (name,), part in rows.partition_by("group", as_dict=True).items()
    }
    assert sorted(len(songs) for songs in groups.values()) == [1, 1, 1, 2]
    double = rows.filter(rows["group"].is_in([g for g, songs in groups.items() if len(songs) > 1]))
    assert set(double["emotion"]) == {"happy", "sad"}
    assert all("conflict" in checks for checks in double["checks"])
    marked = {
        song for song, checks in zip(rows["song_id"], rows["checks"], strict=True)
        if "duplicate" in checks
    }  # fmt: skip
    assert len(marked) == 1
    assert rows["keep"].all()


def test_files_that_cannot_be_read_are_reported_and_the_rest_go_on(built):
    (name, error), *others = built[1].failures
    assert not others
    assert name == "sad/broken.mp3"
    assert "broken.mp3" in error
    report = json.loads((built[0] / "report.json").read_text())
    assert report["failures"][0]["source"] == "sad/broken.mp3"
    assert report["agreement"] == {"landmarks": 1}


def test_a_segment_is_the_sound_of_its_times(built, recordings):
    row = [each for each in read_rows(built[0]) if each.title == "Rain (Official Video)"][1]
    clip = read_clip(built[0], row)
    assert clip.duration_s == pytest.approx(5.0)
    assert 0.1 < np.abs(clip.mono).max() <= 0.5


def test_written_clips_and_the_best_copy(recordings, tmp_path):
    rule = BuildSettings(
        methods=OFFLINE,
        workers=1,
        write_as="flac",
        keep_best=True,
        clips=ClipRule(6.0, 3.0, Remainder.OVERLAP),
    )
    build(recordings, tmp_path, rule)
    rows = read(tmp_path)
    assert sorted((tmp_path / "audio").iterdir()) == sorted(
        tmp_path / name for name in rows["file"]
    )
    row = read_rows(tmp_path)[0]
    assert read_clip(tmp_path, row).duration_s == pytest.approx(6.0)
    dropped = rows.filter(~rows["keep"])
    assert dropped["song_id"].n_unique() == 1
    again = (tmp_path / "manifest.parquet").read_bytes()
    (tmp_path / rows["file"][0]).write_bytes(b"spoiled")
    build(recordings, tmp_path, rule)
    assert (tmp_path / "manifest.parquet").read_bytes() == again
    assert read_clip(tmp_path, row).duration_s == pytest.approx(6.0)


def test_the_same_recordings_give_the_same_bytes(built, recordings, tmp_path):
    build(recordings, tmp_path, BuildSettings(methods=OFFLINE, workers=2))
    expected = (built[0] / "manifest.parquet").read_bytes()
    assert (tmp_path / "manifest.parquet").read_bytes() == expected


def test_nothing_to_build_from(tmp_path):
    with pytest.raises(MissingFileError):
        build(tmp_path / "nowhere", tmp_path / "out", RULE)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoMediaFoundError):
        build(tmp_path / "empty", tmp_path / "out", RULE)


@dataclass(frozen=True)
class Namer:
    """A service that has one name for every tune, and notes how often it is asked."""

    notes: Path

    def recognise(self, clip):
        with self.notes.open("a") as file:
            file.write(f"{clip.duration_s:.0f}\n")
        return (Recognised("namer", "all the same"),)


def test_services_are_asked_once_a_song(recordings, tmp_path):
    namer = Namer(tmp_path / "asked")
    settings = BuildSettings(methods=frozenset(), services=(namer,), workers=1)
    build(recordings, tmp_path / "corpus", settings)
    build(recordings, tmp_path / "corpus", settings)
    assert namer.notes.read_text().splitlines() == ["12"] * 5
    assert read(tmp_path / "corpus")["group"].n_unique() == 1
    report = json.loads((tmp_path / "corpus" / "report.json").read_text())
    assert report["agreement"] == {"network": 10}


def test_a_list_of_sources_is_collected_and_what_fails_is_reported(recordings, tmp_path):
    listing = tmp_path / "music.yml"
    listing.write_text(f"happy: {recordings / 'happy'}\nsad: {tmp_path / 'nowhere'}\n")
    steps = []
    report = build(listing, tmp_path / "c", RULE, progress=lambda *step: steps.append(step[0]))
    assert (report.recordings, report.songs) == (1, 2)
    assert [name for name, _ in report.failures] == [str(tmp_path / "nowhere")]
    assert list(dict.fromkeys(steps)) == [
        "fetch recordings", "find songs", "describe songs", "compare landmarks",
        "compare harmonies",
    ]  # fmt: skip
    (source,) = set(read(tmp_path / "c")["source"])
    assert source.startswith("sources/happy/mix-")


def test_what_a_killed_build_left_is_swept_and_nothing_of_others(recordings, tmp_path):
    out = tmp_path / "corpus"
    strays = [out / "audio", out / ".cache" / "ab", out]
    for folder in strays:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DRAFTS.replace("*", "0123")).write_bytes(b"half")
    (out / "audio" / "mine.wav").write_bytes(b"not of this corpus")
    build(recordings, out, BuildSettings(methods=frozenset(), workers=1, write_as="wav"))
    assert not list(out.rglob(DRAFTS))
    assert not [path for path in (out / "audio").iterdir() if path.name.startswith(".")]
    assert (out / "audio" / "mine.wav").exists()


def test_one_process_builds_a_corpus_at_a_time(recordings, tmp_path):
    with (
        locked(tmp_path / "corpus" / ".cache" / "lock", CorpusError("free")),
        pytest.raises(CorpusError, match="another process is building this corpus"),
    ):
        build(recordings, tmp_path / "corpus", RULE)
    assert not (tmp_path / "corpus" / "manifest.parquet").exists()


def test_a_corpus_that_cannot_be_written_is_no_fault_of_its_recordings(recordings, tmp_path):
    out = tmp_path / "corpus"
    (out / ".cache").mkdir(parents=True)
    for first in range(256):
        (out / ".cache" / f"{first:02x}").write_text("in the way")
    with pytest.raises(CorpusError, match="the build cannot go on"):
        build(recordings, out, RULE)
    assert not (out / "manifest.parquet").exists()


def test_an_unknown_format_is_refused_before_anything_is_made():
    with pytest.raises(OptionError, match="no audio format is called 'flacc'"):
        BuildSettings(write_as="flacc")


def build_until_killed(recordings, out, after_s):
    """Start a build and kill it, with its workers, after so long; its exit status."""
    words = ["corpus", "build", str(recordings), "--out", str(out)]
    code = f"from moodprint.cli.app import main; main({[*words, '--write', 'flac']})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    time.sleep(after_s)
    os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def ends_alike(recordings, tmp_path, kills):
    rule = BuildSettings(methods=OFFLINE, workers=1, write_as="flac")
    build(recordings, tmp_path / "whole", rule)
    for after_s in kills:
        build_until_killed(recordings, tmp_path / "killed", after_s)
    build(recordings, tmp_path / "killed", rule)
    for name in ("manifest.parquet", "report.json"):
        whole, killed = ((tmp_path / run / name).read_bytes() for run in ("whole", "killed"))
        assert whole == killed
    shutil.rmtree(tmp_path / "killed" / ".cache")
    build(recordings, tmp_path / "killed", rule)
    assert (tmp_path / "killed" / "manifest.parquet").read_bytes() == (
        tmp_path / "whole" / "manifest.parquet"
    ).read_bytes()


def test_a_run_killed_twice_ends_as_one_that_was_not(recordings, tmp_path):
    ends_alike(recordings, tmp_path, [0.6, 1.4])


@pytest.mark.long
def test_a_run_killed_at_ten_random_moments_ends_as_one_that_was_not(recordings, tmp_path):
    moments = random.Random(3)
    ends_alike(recordings, tmp_path, [moments.uniform(0.2, 4.0) for _ in range(10)])
