from pathlib import Path

import literal_generator
import numpy as np
import pytest
import typer
from magenta_checkpoint import FakeReader, write_folder
from typer.testing import CliRunner

from moodprint.cli.import_gansynth import import_gansynth
from moodprint.errors import MissingFileError, NoPermissionError
from moodprint.generation.note_generator import load_generator, magenta

app = typer.Typer()
app.command()(import_gansynth)


@pytest.mark.long
def test_a_training_folder_becomes_a_bundle_that_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("torch", "onnxscript"):
        pytest.importorskip(package, reason="extra magenta")
    run, out = write_folder(tmp_path / "run"), tmp_path / "bundle"
    reader = FakeReader(literal_generator.random_variables(4, (4, 4)))
    imported = magenta.import_magenta
    monkeypatch.setattr(magenta, "import_magenta", lambda *ways: imported(*ways, lambda _: reader))
    result = CliRunner().invoke(app, [str(run), "--out", str(out)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "2 blocks" in result.output
    assert load_generator(out).card.name == "run"
    assert load_generator(out).melspecgram(np.ones((1, 256)), [60]).shape == (1, 128, 1024, 2)


def test_a_folder_that_is_no_training_folder_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path), "--out", str(tmp_path / "bundle")])
    assert isinstance(result.exception, MissingFileError)
    assert not (tmp_path / "bundle").exists()


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    words = [str(tmp_path), "--out", str(tmp_path / "file" / "bundle")]
    assert isinstance(CliRunner().invoke(app, words).exception, NoPermissionError)
