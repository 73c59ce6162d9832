from pathlib import Path

import numpy as np
import pitched_notes
import pytest

from moodprint.bundle import DEFAULT_GENERATOR
from moodprint.errors import CorpusError, MissingFileError, OptionError
from moodprint.generation.note_generator import load_generator
from moodprint.generation.note_quality.evaluate import (
    STAGE,
    evaluate_notes,
    generated_notes,
    stored_notes,
)
from moodprint.generation.note_quality.note_shards import Note, NoteLabel, write_shards


def prepared(folder: Path, count: int, seed: int) -> Path:
    notes = zip(*pitched_notes.notes(count, seed), strict=True)
    labels = (Note(NoteLabel("tone", int(pitch), 100, "test"), sound) for sound, pitch in notes)
    write_shards(labels, folder)
    return folder


def test_a_folder_of_notes_is_scored(tmp_path: Path) -> None:
    real, scored = prepared(tmp_path / "real", 90, 1), prepared(tmp_path / "scored", 20, 2)
    found = evaluate_notes(scored, real, prepared(tmp_path / "apart", 20, 3))
    assert list(found) == ["notes", "real, same instruments", "real, other instruments", "noise"]
    assert found["notes"].pitch_accuracy.value > 0.8
    assert evaluate_notes(scored, real)["notes"].pitch_accuracy == found["notes"].pitch_accuracy
    np.testing.assert_allclose(
        stored_notes(scored).waveforms, pitched_notes.notes(20, 2)[0], atol=1e-4
    )


def test_a_generator_makes_all_its_pitches_the_same_by_the_same_seed() -> None:
    generator = load_generator(DEFAULT_GENERATOR)
    calls: list[tuple[str, int, int]] = []
    first = generated_notes(
        generator, 62, 0, lambda stage, done, total: calls.append((stage, done, total))
    )
    assert calls == [(STAGE, 32, 62), (STAGE, 62, 62)]
    assert sorted(set(first.pitch_midi.tolist())) == list(range(24, 85))
    again = generated_notes(generator, 3, 0)
    np.testing.assert_array_equal(first.waveforms[:3], again.waveforms)


def test_a_bundle_is_scored_as_its_notes_are(tmp_path: Path) -> None:
    real = prepared(tmp_path / "real", 72, 1)
    found = evaluate_notes(DEFAULT_GENERATOR, real, count=20, seed=3)
    assert found["notes"].notes == 12, "as many as were taken out of the real ones"
    assert found["notes"].pitch_accuracy.value > 0.5 > found["noise"].pitch_accuracy.value


def test_what_cannot_be_scored_is_refused(tmp_path: Path) -> None:
    real = prepared(tmp_path / "real", 5, 1)
    with pytest.raises(OptionError):
        evaluate_notes(tmp_path / "nowhere", real)
    with pytest.raises(MissingFileError):
        evaluate_notes(real, tmp_path)
    with pytest.raises(OptionError, match="2 notes or more, not 1"):
        evaluate_notes(real, real, count=1)
    with pytest.raises(CorpusError, match="holds 1 note"):
        stored_notes(prepared(tmp_path / "one", 1, 1))


@pytest.mark.parametrize("named", ["real", "apart"])
def test_folders_are_looked_at_before_a_generator_makes_its_first_note(tmp_path, named) -> None:
    def no_work(*_):
        raise AssertionError("notes are made already")

    real = prepared(tmp_path / "notes", 5, 1)
    folders = {"real": real, "apart": real, named: tmp_path / "nowhere"}
    with pytest.raises(MissingFileError, match="nowhere"):
        evaluate_notes(DEFAULT_GENERATOR, **folders, progress=no_work)
