from dataclasses import replace

import numpy as np
import polars as pl
import soundfile

from moodprint.corpus.manifest import Row, write
from moodprint.dataset.path_expansion import find_sounds
from moodprint.dataset.tag_table import STAGE, tag_table
from moodprint.tags import TAG_COLUMNS, TEXT_TAGS


def _tone(path, hz, seconds=2.0):
    turns = 2 * np.pi * hz * np.arange(round(seconds * 16_000)) / 16_000
    soundfile.write(path, 0.3 * np.sin(turns), 16_000)
    return path


def test_each_recording_is_a_row_and_a_bad_one_is_named(tmp_path):
    first, last = _tone(tmp_path / "a.wav", 440), _tone(tmp_path / "c.wav", 220)
    (tmp_path / "b.mp3").write_bytes(b"no music")
    steps = []
    table = tag_table(find_sounds([tmp_path]), workers=1, progress=lambda *step: steps.append(step))
    assert table.rows.columns == ["file", *TAG_COLUMNS]
    assert table.rows["file"].to_list() == [str(first), str(last)]
    assert list(table.problems) == [tmp_path / "b.mp3"]
    assert steps == [(STAGE, done, 3) for done in (1, 2, 3)]


def test_columns_have_their_types_whatever_is_null(tmp_path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(16_000), 16_000)
    rows = tag_table(find_sounds([tmp_path]), workers=1).rows
    kinds = {name: pl.String if name in TEXT_TAGS else pl.Float64 for name in TAG_COLUMNS}
    assert dict(rows.schema) == {"file": pl.String, **kinds}
    assert rows["loudness_lufs"].to_list() == [None]


def test_without_a_readable_file_the_table_has_no_rows(tmp_path):
    (tmp_path / "b.mp3").write_bytes(b"no music")
    table = tag_table(find_sounds([tmp_path]), workers=1)
    assert (table.rows.height, len(table.problems)) == (0, 1)


def test_of_a_corpus_each_kept_clip_is_a_row(tmp_path):
    source = str(_tone(tmp_path / "low.wav", 220))
    row = Row("one", "s", source, "sad", 0.0, 1.0, "g", "h", "h")
    write(tmp_path, [row, replace(row, id="two", start_s=1.0, end_s=2.0)])
    rows = tag_table(find_sounds([tmp_path]), workers=1).rows
    assert rows.select("id", "start_s").rows() == [("one", 0.0), ("two", 1.0)]
