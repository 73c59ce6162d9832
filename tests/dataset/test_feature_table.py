"""A table of features: a row a sound, in order, and what is left out is said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.clip import Clip, FloatArray
from moodprint.dataset.feature_table import check_table_name, feature_table, write_table
from moodprint.dataset.path_expansion import Sound
from moodprint.errors import OptionError
from moodprint.features.feature_set import FeatureSet


@dataclass(frozen=True)
class Level(FeatureSet):
    """The mean square and the length of a clip: cheap, and told apart by ear and eye."""

    name: ClassVar[str] = "level"

    @property
    def sample_rate_hz(self) -> int:
        return 8_000

    @property
    def columns(self) -> tuple[str, ...]:
        return ("power", "duration_s")

    def extract(self, clip: Clip) -> FloatArray:
        return np.array([np.mean(clip.mono**2), clip.duration_s], np.float32)


@pytest.fixture
def sounds(tmp_path: Path) -> list[Sound]:
    """A loud file of 2 s and a quiet one of 1 s."""
    found = []
    for name, amplitude, seconds in (("loud", 0.5, 2), ("quiet", 0.05, 1)):
        file = tmp_path / f"{name}.wav"
        soundfile.write(file, np.full(seconds * 8_000, amplitude), 8_000)
        found.append(Sound(Excerpt(file)))
    return found


def test_rows_follow_the_sounds_and_columns_the_sets(sounds: list[Sound]) -> None:
    steps: list[tuple[str, int, int]] = []
    table = feature_table(
        sounds[::-1], [Level()], workers=1, progress=lambda *step: steps.append(step)
    )
    assert table.rows.columns == ["file", "level:power", "level:duration_s"]
    assert [Path(file).stem for file in table.rows["file"]] == ["quiet", "loud"]
    np.testing.assert_allclose(table.rows["level:power"], [0.05**2, 0.5**2], rtol=1e-3)
    np.testing.assert_allclose(table.rows["level:duration_s"], [1, 2])
    assert steps == [("features level", 1, 2), ("features level", 2, 2)]
    assert table.problems == {}


def test_clips_of_a_corpus_have_their_ids_and_times(sounds: list[Sound]) -> None:
    file = sounds[0].excerpt.path
    clips = [Sound(Excerpt(file, start, start + 0.5), f"clip-{start}") for start in (0.0, 1.5)]
    rows = feature_table(clips, [Level()], workers=1).rows
    assert rows.columns[:4] == ["id", "file", "start_s", "end_s"]
    assert rows["id"].to_list() == ["clip-0.0", "clip-1.5"]
    assert rows["start_s"].to_list() == [0.0, 1.5]
    np.testing.assert_allclose(rows["level:duration_s"], [0.5, 0.5])


def test_what_cannot_be_read_is_left_out_and_named(sounds: list[Sound], tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound")
    table = feature_table([sounds[0], Sound(Excerpt(bad)), sounds[1]], [Level()], workers=1)
    assert [Path(file).stem for file in table.rows["file"]] == ["loud", "quiet"]
    assert "bad.wav" in table.problems[bad]


def test_where_nothing_can_be_read_the_table_has_columns_and_no_row(tmp_path: Path) -> None:
    table = feature_table([Sound(Excerpt(tmp_path / "none.wav"))], [Level()], workers=1)
    assert table.rows.columns == ["file", "level:power", "level:duration_s"]
    assert len(table.rows) == 0
    write_table(table, tmp_path / "empty.csv")
    assert (tmp_path / "empty.csv").read_text() == "file,level:power,level:duration_s\n"


@pytest.mark.parametrize(("name", "read"), [("t.csv", pl.read_csv), ("t.PARQUET", pl.read_parquet)])
def test_a_written_table_reads_back(sounds: list[Sound], tmp_path: Path, name: str, read) -> None:
    table = feature_table(sounds, [Level()], workers=1)
    write_table(table, tmp_path / name)
    again = read(tmp_path / name)
    assert again.columns == table.rows.columns
    np.testing.assert_allclose(again["level:power"], table.rows["level:power"], rtol=1e-6)


@pytest.mark.parametrize("name", ["t.xls", "table", "t.csv.gz"])
def test_other_kinds_of_tables_are_refused_before_the_work(name: str) -> None:
    with pytest.raises(OptionError, match=r"written as \.csv or \.parquet"):
        check_table_name(Path(name))
