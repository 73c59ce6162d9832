from pathlib import Path

import numpy as np
import pytest
from recipes.note_generator.melspecgrams import (
    fitted_normalizer,
    melspecgrams,
    normalized,
)
from recipes.note_generator.note import NOTE_SAMPLES, Note, NoteLabel
from recipes.note_generator.note_shards import as_float, read_parts, write_parts

from moodprint.errors import CorpusError, MissingFileError


def _notes(count: int) -> list[Note]:
    rng = np.random.default_rng(0)
    noise = rng.uniform(-0.5, 0.5, (count, NOTE_SAMPLES)).astype(np.float32)
    return [Note(NoteLabel(f"i{k}", 24 + k, 90, "test"), noise[k]) for k in range(count)]


def test_notes_come_back_from_as_many_parts_as_it_takes(tmp_path: Path) -> None:
    notes = _notes(5)
    assert write_parts(notes, tmp_path, largest_bytes=200_000) == 5
    assert len(list(tmp_path.glob("notes-*.flac"))) == 3
    back = read_parts(tmp_path)
    assert list(back.labels) == [note.label for note in notes]
    expected = np.stack([note.samples for note in notes])
    np.testing.assert_allclose(as_float(back.samples), expected, atol=1 / 32_000)


def test_no_notes_leave_no_part(tmp_path: Path) -> None:
    assert write_parts([], tmp_path) == 0
    with pytest.raises(MissingFileError, match="no prepared notes"):
        read_parts(tmp_path)


def test_parts_are_never_mixed_with_older_ones(tmp_path: Path) -> None:
    write_parts(_notes(1), tmp_path)
    with pytest.raises(CorpusError, match="already"):
        write_parts(_notes(1), tmp_path)


@pytest.mark.parametrize("labels", ["[]", "{", '[{"colour": 1}]', None])
def test_a_part_without_its_labels_is_refused(tmp_path: Path, labels: str | None) -> None:
    write_parts(_notes(1), tmp_path)
    table = tmp_path / "notes-000.json"
    table.unlink() if labels is None else table.write_text(labels)
    with pytest.raises(CorpusError, match="notes-000"):
        read_parts(tmp_path)


def test_a_part_that_is_no_flac_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes-000.flac").write_bytes(b"x" * 99)
    with pytest.raises(CorpusError, match="notes-000"):
        read_parts(tmp_path)


def test_values_are_brought_into_the_reach_of_tanh(tmp_path: Path) -> None:
    write_parts(_notes(2), tmp_path)
    values = melspecgrams(read_parts(tmp_path), workers=1)
    assert values.shape == (2, 2, 128, 1024)
    normalizer = fitted_normalizer(values)
    scaled = normalized(values, normalizer)
    assert scaled[:, 0].min() == pytest.approx(-0.8, abs=0.01)
    assert scaled[:, 0].max() == pytest.approx(0.8, abs=0.01)
    assert np.abs(scaled).max() <= 1
    undone = (scaled[:, 0] - normalizer.magnitude_b) / normalizer.magnitude_a
    np.testing.assert_allclose(undone, values[:, 0], atol=0.03)
