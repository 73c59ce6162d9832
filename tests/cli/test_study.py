import json

import pytest
from typer.testing import CliRunner

from moodprint.cli.study import app

CONFIG = """
corpora: [{name: toys, toy_songs: 4}]
features: [acoustic]
models: [ridge, dummy]
folds: 2
finalists: 1
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(CONFIG)
    return path


def _run(*words):
    return CliRunner().invoke(app, ["run", *map(str, words), "--workers", "1"])


def test_a_study_shows_its_stages_and_leaves_its_files(config, tmp_path):
    out = tmp_path / "out"
    done = _run(config, "--out", out, "--ungrouped", "--cache", tmp_path / "cache")
    assert done.exit_code == 0, done.output
    assert "Hold-out: tested once" in done.output
    assert "UNGROUPED" in done.output
    assert (out / "leaderboard.csv").is_file()
    assert (out / "study.json").is_file()


def test_what_was_left_out_is_told(config, tmp_path):
    config.write_text(CONFIG + "labels: [Calm, SAD]\n")
    done = _run(config, "--out", tmp_path / "out", "--cache", tmp_path / "cache")
    assert done.exit_code == 0, done.output
    assert "12 samples were left out: 4 labelled 'angry'" in done.stderr
    assert "the labels taken are Calm, SAD" in done.stderr


def test_json_is_the_leaderboard(config, tmp_path):
    done = _run(config, "--out", tmp_path / "out", "--json", "--cache", tmp_path / "cache")
    rows = json.loads(done.stdout)
    assert [row["stage"] for row in rows] == ["cv", "cv", "holdout"]
    assert rows[0]["model"] == "ridge"


def test_help_has_examples():
    done = CliRunner().invoke(app, ["run", "--help"])
    assert "moodprint study run configs/debug.yaml --out debug" in done.output
