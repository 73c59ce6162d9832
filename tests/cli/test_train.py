import json

import pytest
from tiny_speech import save_tiny_speech
from typer.testing import CliRunner

from moodprint.cli.train import train
from moodprint.errors import MissingWeightsError, OptionError

CONFIG = """
corpora: [{name: toys, toy_songs: 3}]
features: [acoustic]
models: [dummy]
folds: 2
"""


@pytest.fixture
def run(tmp_path):
    import typer

    app = typer.Typer()
    app.command()(train)
    config = tmp_path / "study.yaml"

    def invoke(*words, text=CONFIG):
        config.write_text(text)
        return CliRunner().invoke(app, [str(config), "--out", str(tmp_path / "out"), *words])

    return invoke


def test_a_network_is_taught_and_judged_once(run, tmp_path):
    for package in ("torch", "transformers"):
        pytest.importorskip(package, reason="the extra deep is not installed")
    save_tiny_speech(tmp_path / "hubert", "Hubert", num_hidden_layers=1)
    done = run("--checkpoint", str(tmp_path / "hubert"), "--epochs", "1", "--longest-s", "1")
    assert done.exit_code == 0, done.output
    assert "hold-out: UAR" in done.output
    record = json.loads((tmp_path / "out" / "training.json").read_text())
    assert len(record["history"]) == 1
    assert record["holdout"]["model"] == "fine-tuned hubert"
    assert (tmp_path / "out" / "best" / "model.safetensors").is_file()


def test_the_ear_is_taught_and_its_card_tells_how_well(run, tmp_path):
    pytest.importorskip("torch", reason="the extra deep is not installed")
    done = run("--checkpoint", "ear", "--epochs", "1", "--longest-s", "1")
    assert done.exit_code == 0, done.output
    card = json.loads((tmp_path / "out" / "best" / "card.json").read_text())
    assert card["kind"] == "emotion-network"
    assert card["training"]["began_with"] == "ear"
    assert card["calibration"]["temperature"] > 0
    assert len(card["metrics"]["holdout"]["uar"]) == 3


def test_a_missing_checkpoint_is_told(run):
    pytest.importorskip("transformers", reason="the extra deep is not installed")
    done = run("--checkpoint", "nobody/has-this")
    assert isinstance(done.exception, MissingWeightsError)


def test_another_protocol_is_refused(run):
    done = run("--checkpoint", "x", text=CONFIG + "protocol: leave-one-corpus-out\n")
    assert isinstance(done.exception, OptionError)
