import json
from pathlib import Path

import literal_generator
import numpy as np
import pytest
import typer
from tensorflow_writer import write_checkpoint
from typer.testing import CliRunner

from moodprint.cli.import_gansynth import import_gansynth
from moodprint.errors import MissingFileError
from moodprint.generation.note_generator import load_generator

app = typer.Typer()
app.command()(import_gansynth)


def test_a_training_folder_becomes_a_bundle_that_plays(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    variables = literal_generator.random_variables(4, (4, 4))
    write_checkpoint(tmp_path / "run/stage_00001/model.ckpt-3", variables)
    (tmp_path / "run/stage_00001/checkpoint").write_text('model_checkpoint_path: "model.ckpt-3"')
    settings = json.dumps(literal_generator.NORMALIZER)
    (tmp_path / "run/experiment.json").write_text(settings)
    out = tmp_path / "bundle"
    result = CliRunner().invoke(app, [str(tmp_path / "run"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "2 blocks" in result.output
    assert load_generator(out).card.name == "run"
    assert load_generator(out).melspecgram(np.ones((1, 256)), [60]).shape == (1, 128, 1024, 2)


def test_a_folder_that_is_no_training_folder_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path), "--out", str(tmp_path / "bundle")])
    assert isinstance(result.exception, MissingFileError)
    assert not (tmp_path / "bundle").exists()
