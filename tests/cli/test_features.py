import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import soundfile
from typer.testing import CliRunner

from moodprint.cli.features import app
from moodprint.corpus.manifest import Row, write
from moodprint.errors import NoMediaFoundError, OptionError


@pytest.fixture
def songs(tmp_path):
    folder = tmp_path / "songs"
    folder.mkdir()
    for name, hz in (("low", 220), ("high", 1760)):
        tone = 0.3 * np.sin(2 * np.pi * hz * np.arange(22_050) / 22_050)
        soundfile.write(folder / f"{name}.wav", tone, 22_050)
    return folder


def _extract(*words):
    return CliRunner().invoke(app, ["extract", *map(str, words), "--workers", "1"])


@pytest.mark.parametrize(("name", "read"), [("t.csv", pl.read_csv), ("t.parquet", pl.read_parquet)])
def test_a_folder_becomes_a_table(songs, tmp_path, name, read):
    done = _extract(songs, "-o", tmp_path / name, "--cache", tmp_path / "cache")
    assert done.exit_code == 0, done.output
    table = read(tmp_path / name)
    assert [row.rsplit("/", 1)[-1] for row in table["file"]] == ["high.wav", "low.wav"]
    high, low = table["acoustic:centroid_hz.median"]
    assert high > low > 0


def test_of_a_corpus_each_kept_clip_is_a_row_with_its_id(songs, tmp_path):
    source = str(songs / "low.wav")
    row = Row("one", "s", source, "sad", 0.0, 0.5, "g", "h", "h")
    write(
        tmp_path,
        [row, replace(row, id="two", start_s=0.5, end_s=1.0), replace(row, id="three", keep=False)],
    )
    done = _extract(tmp_path, "-o", tmp_path / "t.parquet", "--cache", tmp_path / "cache")
    assert done.exit_code == 0, done.output
    table = pl.read_parquet(tmp_path / "t.parquet")
    assert table.columns[:4] == ["id", "file", "start_s", "end_s"]
    assert table.select("id", "file", "start_s", "end_s").rows() == [
        ("one", source, 0.0, 0.5),
        ("two", source, 0.5, 1.0),
    ]
    assert table["acoustic:centroid_hz.median"].is_finite().all()


def test_a_bad_file_is_told_and_the_rest_is_written(songs, tmp_path):
    (songs / "bad.mp3").write_bytes(b"no music")
    done = _extract(songs, "-o", tmp_path / "t.csv", "--cache", tmp_path / "cache")
    assert done.exit_code == 1
    assert "bad.mp3" in done.stderr
    assert len(pl.read_csv(tmp_path / "t.csv")) == 2


def test_what_cannot_be_written_or_found_is_refused(songs, tmp_path):
    assert isinstance(_extract(songs, "-o", tmp_path / "t.xls").exception, OptionError)
    (tmp_path / "none").mkdir()
    done = _extract(tmp_path / "none", "-o", tmp_path / "t.csv")
    assert isinstance(done.exception, NoMediaFoundError)


def test_a_source_is_never_overwritten(songs):
    source = sorted(songs.iterdir())[0].rename(songs / "song.csv")
    before = source.read_bytes()
    refused = _extract(source, "-o", source).exception
    assert isinstance(refused, OptionError)
    assert "stays as it is" in str(refused)
    assert source.read_bytes() == before


def test_the_sets_are_listed_with_what_binds_you():
    done = CliRunner().invoke(app, ["list", "--json"])
    rows = {row["set"]: row for row in json.loads(done.stdout)}
    assert rows["acoustic"]["missing"] == ""
    assert "research" in rows["egemaps"]["licence"]


@pytest.mark.parametrize("option", [True, False])
def test_without_a_place_for_the_cache_features_are_computed(tmp_path, monkeypatch, option):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    soundfile.write(tmp_path / "a.wav", np.zeros(8000), 8000)
    out = tmp_path / "t.csv"
    chosen = ["--cache", str(tmp_path / "file" / "cache")] if option else []
    done = CliRunner().invoke(app, ["extract", str(tmp_path / "a.wav"), "-o", str(out), *chosen])
    assert done.exit_code == 0, done.output
    assert done.stderr.count("\n") == 1
    assert "cannot be written; features are computed and not kept" in done.stderr
    assert len(out.read_text().splitlines()) == 2


def test_tags_are_plain_columns(songs, tmp_path):
    done = _extract(songs, "--set", "tags", "-o", tmp_path / "t.csv")
    assert done.exit_code == 0, done.output
    table = pl.read_csv(tmp_path / "t.csv")
    assert table.columns[:3] == ["file", "tempo_bpm", "tempo_confidence"]
    assert table["loudness_lufs"].is_between(-20, -5).all()


def test_tags_stand_alone(songs, tmp_path):
    done = _extract(songs, "--set", "acoustic+tags", "-o", tmp_path / "t.csv")
    assert done.exit_code != 0
    assert isinstance(done.exception, OptionError)
    assert "tags are for people" in str(done.exception)


@pytest.mark.parametrize("name", ["acoustic", "tags"])
def test_where_nothing_can_be_read_a_table_that_is_there_stays(tmp_path, name):
    bad, out = tmp_path / "bad.mp3", tmp_path / "t.csv"
    bad.write_bytes(b"no music")
    out.write_text("mine")
    done = _extract(bad, "--set", name, "-o", out, "--cache", tmp_path / "cache")
    assert done.exit_code == 1
    assert out.read_text() == "mine"
    assert done.stderr.count(str(bad)) == 1
