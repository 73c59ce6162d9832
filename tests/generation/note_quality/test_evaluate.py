from pathlib import Path

import literal_generator
import numpy as np
import pitched_notes
import pytest
from recipes.note_generator.note import Note, NoteLabel
from recipes.note_generator.note_shards import write_parts
from tensorflow_writer import write_checkpoint

from moodprint.errors import MissingFileError, OptionError
from moodprint.generation.note_quality.evaluate import evaluate_notes, generated_notes, stored_notes


def prepared(folder: Path, count: int, seed: int) -> Path:
    notes = zip(*pitched_notes.notes(count, seed), strict=True)
    labels = (Note(NoteLabel("tone", int(pitch), 100, "test"), sound) for sound, pitch in notes)
    write_parts(labels, folder)
    return folder


def test_a_folder_of_notes_is_scored(tmp_path: Path) -> None:
    real, made = prepared(tmp_path / "real", 90, 1), prepared(tmp_path / "made", 20, 2)
    found = evaluate_notes(made, real, prepared(tmp_path / "apart", 20, 3))
    assert list(found) == ["notes", "real, same instruments", "real, other instruments", "noise"]
    assert found["notes"].pitch_accuracy.value > 0.8
    assert evaluate_notes(made, real)["notes"].pitch_accuracy == found["notes"].pitch_accuracy
    np.testing.assert_allclose(
        stored_notes(made).waveforms, pitched_notes.notes(20, 2)[0], atol=1e-4
    )


def test_a_generator_makes_all_its_pitches_the_same_by_the_same_seed(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    import json

    from moodprint.generation.note_generator import load_generator
    from moodprint.generation.note_generator.magenta import import_magenta

    variables = literal_generator.random_variables(4, (4, 4))
    write_checkpoint(tmp_path / "run/stage_00001/model.ckpt-3", variables)
    (tmp_path / "run/stage_00001/checkpoint").write_text('model_checkpoint_path: "model.ckpt-3"')
    (tmp_path / "run/experiment.json").write_text(json.dumps(literal_generator.NORMALIZER))
    import_magenta(tmp_path / "run", tmp_path / "bundle")
    generator = load_generator(tmp_path / "bundle")
    told = []
    first = generated_notes(generator, 62, 0, lambda *done: told.append(done))
    assert told[-1] == ("making notes", 62, 62)
    assert sorted(set(first.pitch_midi.tolist())) == list(range(24, 85))
    np.testing.assert_array_equal(first.waveforms[:32], generated_notes(generator, 32, 0).waveforms)


def test_what_cannot_be_scored_is_refused(tmp_path: Path) -> None:
    real = prepared(tmp_path / "real", 5, 1)
    with pytest.raises(OptionError):
        evaluate_notes(tmp_path / "nowhere", real)
    with pytest.raises(MissingFileError):
        evaluate_notes(real, tmp_path)
    with pytest.raises(OptionError, match="2 notes"):
        evaluate_notes(real, real, count=1)
