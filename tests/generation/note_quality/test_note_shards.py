from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.errors import CorpusError, MissingFileError
from moodprint.generation.note_generator.generator import NOTE_SAMPLES
from moodprint.generation.note_quality.note_shards import (
    Note,
    NoteLabel,
    as_float,
    holds_notes,
    read_shards,
    shards,
    write_shards,
)


def _notes(count: int) -> list[Note]:
    rng = np.random.default_rng(0)
    noise = rng.uniform(-0.5, 0.5, (count, NOTE_SAMPLES)).astype(np.float32)
    return [Note(NoteLabel(f"i{k}", 24 + k, 90, "test"), noise[k]) for k in range(count)]


def test_notes_come_back_from_as_many_shards_as_it_takes(tmp_path: Path) -> None:
    notes = _notes(5)
    assert write_shards(notes, tmp_path, largest_bytes=200_000) == 5
    assert len(list(tmp_path.glob("notes-*.flac"))) == 3
    back = read_shards(tmp_path)
    assert list(back.labels) == [note.label for note in notes]
    expected = np.stack([note.samples for note in notes])
    np.testing.assert_allclose(as_float(back.samples), expected, atol=1 / 32_000)


def test_no_notes_leave_no_shard(tmp_path: Path) -> None:
    assert write_shards([], tmp_path) == 0
    with pytest.raises(MissingFileError, match="no prepared notes"):
        read_shards(tmp_path)


def test_shards_are_never_mixed_with_older_ones(tmp_path: Path) -> None:
    write_shards(_notes(1), tmp_path)
    with pytest.raises(CorpusError, match="already"):
        write_shards(_notes(1), tmp_path)


@pytest.mark.parametrize("labels", ["[]", "{", '[{"colour": 1}]', None])
def test_a_shard_without_its_labels_is_refused(tmp_path: Path, labels: str | None) -> None:
    write_shards(_notes(1), tmp_path)
    table = tmp_path / "notes-000.json"
    table.unlink() if labels is None else table.write_text(labels)
    with pytest.raises(CorpusError, match="notes-000"):
        read_shards(tmp_path)


def test_a_shard_that_is_no_flac_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes-000.flac").write_bytes(b"x" * 99)
    with pytest.raises(CorpusError, match="notes-000"):
        read_shards(tmp_path)


@pytest.mark.parametrize(
    ("samples", "rate_hz", "says"),
    [
        (np.zeros(NOTE_SAMPLES), 8_000, "is at 8000 Hz; notes are at 16000 Hz"),
        (np.zeros(NOTE_SAMPLES - 1), 16_000, r"\(63999,\); its 1 labels need 64000"),
        (np.zeros((NOTE_SAMPLES, 2)), 16_000, r"\(64000, 2\).*one channel"),
    ],
)
def test_a_shard_that_does_not_fit_its_labels_is_refused(
    tmp_path: Path, samples: np.ndarray, rate_hz: int, says: str
) -> None:
    write_shards(_notes(1), tmp_path)
    soundfile.write(tmp_path / "notes-000.flac", samples, rate_hz)
    with pytest.raises(CorpusError, match=says):
        read_shards(tmp_path)


def test_a_folder_holds_notes_where_it_holds_shards(tmp_path: Path) -> None:
    assert not holds_notes(tmp_path)
    assert not holds_notes(tmp_path / "nowhere")
    write_shards(_notes(1), tmp_path / "some")
    assert holds_notes(tmp_path / "some")
    assert [shard.name for shard in shards(tmp_path / "some")] == ["notes-000.flac"]


def test_instruments_of_two_sources_are_two() -> None:
    one, other = (NoteLabel("Flute", 60, 100, source) for source in ("a", "b"))
    assert one.full_name == "Flute (a)" != other.full_name
