"""The main road, on sound that the test makes: compilations, a corpus, a study, an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile

from moodprint.cli.app import main
from moodprint.corpus.manifest import Row, read_rows
from moodprint.dataset.toy_songs import RECIPES, song
from moodprint.emotion import EMOTIONS

pytest.importorskip("skops", reason="the extra study is not installed")

RATE_HZ = 16_000
STUDY = """
corpora: [{name: road, folder: corpus}]
features: [acoustic]
models: [ridge, dummy]
folds: 2
finalists: 1
"""


@dataclass(frozen=True)
class Road:
    """A working folder that holds ``corpus``, and the rows of its manifest."""

    folder: Path
    rows: list[Row]

    @property
    def kept(self) -> list[Row]:
        return [row for row in self.rows if row.keep]


def compilation(path: Path, songs: list[np.ndarray]) -> None:
    """Songs with 1.5 s of silence between them."""
    rest = np.zeros(RATE_HZ * 3 // 2, np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(
        path, np.concatenate([part for each in songs for part in (each, rest)]), RATE_HZ
    )


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> Path:
    """For each emotion two compilations of three songs, the first of both the same song."""
    folder = tmp_path_factory.mktemp("recordings")
    rng = np.random.default_rng(0)
    for emotion in EMOTIONS:
        songs = [song(RECIPES[emotion], rng) for _ in range(5)]
        compilation(folder / emotion / "one.flac", songs[:3])
        compilation(folder / emotion / "two.wav", [songs[0], *songs[3:]])
    return folder


@pytest.fixture(scope="module", params=["referenced", "written"])
def road(request, recordings, tmp_path_factory) -> Road:
    folder = tmp_path_factory.mktemp(request.param)
    write = ["--write", "flac"] if request.param == "written" else []
    words = ["corpus", "build", recordings, "--out", folder / "corpus", "--length", "2"]
    moodprint(*words, "--min-pause", "1.2", "--keep", "best", "--workers", "1", *write)
    (folder / "study.yaml").write_text(STUDY)
    return Road(folder, read_rows(folder / "corpus"))


def moodprint(*words: object) -> None:
    """Run the command line here; it must end well."""
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words)])
    assert not ended.value.code


def test_the_corpus_holds_songs_of_all_emotions_and_knows_the_doubles(road):
    assert {row.emotion for row in road.rows} == {str(emotion) for emotion in EMOTIONS}
    assert 40 <= len(road.kept) < len(road.rows)
    assert all((row.file is None) == (road.folder.name[:4] != "writ") for row in road.rows)


def test_evaluate_hears_each_kept_clip(road, capsys):
    moodprint("evaluate", road.folder / "corpus", "--workers", "1", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == {}
    assert found["samples"] == len(road.kept)
    assert found["groups"] == len({row.group for row in road.kept})


def test_a_study_sees_each_kept_clip_and_analyze_takes_its_winner(road, recordings, capsys):
    out = road.folder / "out"
    words = ["study", "run", road.folder / "study.yaml", "--out", out, "--workers", "1"]
    moodprint(*words, "--cache", road.folder / "cache")
    record = json.loads((out / "study.json").read_text())
    assert record["problems"] == {}
    assert record["samples"] == len(road.kept)
    assert record["groups"] == len({row.group for row in road.kept})
    capsys.readouterr()
    song = recordings / "angry" / "one.flac"
    moodprint("analyze", song, "--model", out / "model", "--workers", "1", "--format", "json")
    (answer,) = json.loads(capsys.readouterr().out)
    assert answer["model"].startswith("acoustic-ridge-")
    assert set(answer["probabilities"]) == {str(emotion) for emotion in EMOTIONS}


def test_features_of_a_clip_are_the_same_referenced_and_written(recordings, tmp_path):
    tables = []
    for name, write in (("referenced", []), ("written", ["--write", "flac"])):
        corpus, table = tmp_path / name, tmp_path / f"{name}.parquet"
        words = ["corpus", "build", recordings / "happy", "--out", corpus, "--length", "2"]
        moodprint(*words, "--methods", "names", "--workers", "1", *write)
        words = ["features", "extract", corpus, "--cache", tmp_path / "cache", "--workers", "1"]
        moodprint(*words, "--output", table)
        tables.append(pl.read_parquet(table))
        assert tables[-1]["id"].to_list() == [row.id for row in read_rows(corpus)]
    there, cut = (table.drop("id", "file", "start_s", "end_s").to_numpy() for table in tables)
    assert len(there) >= 6
    np.testing.assert_allclose(cut, there, rtol=1e-3, atol=1e-3)
