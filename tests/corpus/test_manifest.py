"""Rows survive being written, become sound by one rule, and broken manifests are told."""

from dataclasses import replace
from math import inf, nan
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus.manifest import (
    NAME,
    SCHEMA,
    Row,
    excerpt_of,
    excerpts,
    read,
    read_clip,
    read_rows,
    sound_path,
    write,
)
from moodprint.errors import CorpusError

REFERENCED = Row(
    id="a-1",
    song_id="a",
    source="sources/happy/mix.wav",
    emotion="happy",
    start_s=2.0,
    end_s=4.5,
    group="a",
    hash="f00d",
    source_hash="f00d",
)
WRITTEN = replace(REFERENCED, id="a-2", file="audio/a-2.flac", hash="beef")


def test_rows_come_back_as_they_were_written(tmp_path):
    rows = [
        REFERENCED,
        replace(WRITTEN, checks=("clipped", "duplicate"), keep=False, synthetic=True),
        replace(REFERENCED, id="b", emotion=None, title="Regen", artist="", url="https://x.org"),
    ]
    assert read_rows(write(tmp_path, rows).parent) == rows


names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@given(
    st.builds(
        Row,
        id=names,
        song_id=names,
        source=names,
        emotion=st.none() | names,
        start_s=st.floats(0, 1e6),
        end_s=st.floats(2e6, 3e6),
        group=names,
        hash=names,
        source_hash=names,
        synthetic=st.booleans(),
        checks=st.lists(names).map(tuple),
        keep=st.booleans(),
        file=st.none() | names,
        title=st.none() | names,
    )
)
def test_any_row_comes_back_as_it_was_written(tmp_path_factory, row):
    folder = tmp_path_factory.mktemp("corpus")
    write(folder, [row])
    assert read_rows(folder) == [row]


def test_a_referenced_segment_is_its_times_in_the_source():
    assert excerpt_of("/c", REFERENCED) == Excerpt(Path("/c/sources/happy/mix.wav"), 2.0, 4.5)


def test_a_written_segment_is_the_whole_of_its_file():
    assert excerpt_of("/c", WRITTEN) == Excerpt(Path("/c/audio/a-2.flac"))


def test_a_source_outside_of_the_corpus_keeps_its_own_path():
    outside = replace(REFERENCED, source="/music/mix.wav")
    assert sound_path("/c", outside) == Path("/music/mix.wav")
    assert excerpt_of("/c", outside) == Excerpt(Path("/music/mix.wav"), 2.0, 4.5)


def test_the_excerpts_of_a_corpus_are_those_of_its_kept_rows(tmp_path):
    dropped = replace(REFERENCED, id="a-3", keep=False)
    write(tmp_path, [WRITTEN, dropped, REFERENCED])
    found = excerpts(tmp_path)
    assert [row.id for row, _ in found] == ["a-2", "a-1"]
    assert all(sound == excerpt_of(tmp_path, row) for row, sound in found)


def test_a_clip_is_the_same_sound_whether_referenced_or_written(tmp_path):
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, 8000 * 6).astype(np.float32)
    for name in ("audio", "sources/happy"):
        (tmp_path / name).mkdir(parents=True)
    soundfile.write(tmp_path / REFERENCED.source, samples, 8000, subtype="FLOAT")
    soundfile.write(tmp_path / "audio/a-2.flac", samples[16_000:36_000], 8000)
    there, cut = (read_clip(tmp_path, row) for row in (REFERENCED, WRITTEN))
    np.testing.assert_array_equal(there.samples[0], samples[16_000:36_000])
    np.testing.assert_allclose(cut.samples, there.samples, atol=2**-15)
    assert read_clip(tmp_path, WRITTEN, sample_rate_hz=4000).samples.shape == (1, 10_000)


def test_columns_that_are_added_later_are_no_hindrance(tmp_path):
    write(tmp_path, [REFERENCED])
    frame = pl.read_parquet(tmp_path / NAME).with_columns(bpm=pl.lit(120))
    frame.select(reversed(frame.columns)).write_parquet(tmp_path / NAME)
    assert read(tmp_path).schema == SCHEMA
    assert read_rows(tmp_path) == [REFERENCED]


def test_a_folder_without_a_manifest_says_how_one_is_made(tmp_path):
    with pytest.raises(CorpusError, match="make one by  corpus build"):
        read_rows(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.drop("file", "keep"), "lacks the columns keep, file; it has id,"),
        (lambda frame: frame.with_columns(start_s="id"), "column start_s holds String, expected"),
        (lambda frame: frame.with_columns(group=None), "column group holds Null"),
        (
            lambda frame: frame.with_columns(keep=pl.lit(None, pl.Boolean)),
            "column keep is empty in 2 rows",
        ),
        (lambda frame: frame.with_columns(id=pl.lit("x")), "the id 'x' occurs twice"),
    ],
)
def test_a_manifest_that_does_not_fit_is_told_by_its_column(tmp_path, change, said):
    write(tmp_path, [REFERENCED, WRITTEN])
    change(pl.read_parquet(tmp_path / NAME)).write_parquet(tmp_path / NAME)
    with pytest.raises(CorpusError, match=said):
        read(tmp_path)


@pytest.mark.parametrize(
    ("start_s", "end_s"), [(4, 4), (5, 4), (-1, 4), (nan, 4), (0, nan), (0, inf)]
)
def test_times_that_make_no_sense_are_told_by_their_clip(tmp_path, start_s, end_s):
    write(tmp_path, [replace(REFERENCED, start_s=start_s, end_s=end_s)])
    with pytest.raises(CorpusError, match="the clip a-1 runs from"):
        read_rows(tmp_path)


def test_bytes_that_are_no_table_are_told(tmp_path):
    (tmp_path / NAME).write_bytes(b"PAR1 and nonsense")
    with pytest.raises(CorpusError, match="cannot be read"):
        read_rows(tmp_path)
