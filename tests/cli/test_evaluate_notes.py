import json
from pathlib import Path

import pitched_notes
import pytest
from typer.testing import CliRunner

from moodprint.cli.evaluate import app
from moodprint.errors import MissingFileError
from moodprint.generation.note_quality.note_shards import Note, NoteLabel, write_shards


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    notes = zip(*pitched_notes.notes(80, 1), strict=True)
    labels = (Note(NoteLabel("tone", int(pitch), 100, "test"), sound) for sound, pitch in notes)
    write_shards(labels, folder)
    return folder


def _run(*words: object) -> str:
    result = CliRunner().invoke(app, ["notes", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_scores_stand_beside_those_of_real_notes_and_noise(real: Path) -> None:
    lines = _run(real, "--notes", real).splitlines()
    assert [line[:24].strip() for line in lines[1:4]] == [
        "notes", "real, same instruments", "noise",
    ]  # fmt: skip
    assert lines[-1] == "13 notes each"
    found = json.loads(_run(real, "--notes", real, "--json"))
    assert f"{found['notes']['pitch_accuracy']['value']:.3f}" in lines[1]


def test_the_generator_that_ships_plays_the_right_pitches(real: Path) -> None:
    found = json.loads(_run("band", "--notes", real, "--count", 60, "--json"))
    assert found["notes"]["pitch_accuracy"]["value"] >= 0.9


def test_a_folder_without_notes_is_refused(real: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="prepared notes"):
        _run(real, "--notes", tmp_path)
