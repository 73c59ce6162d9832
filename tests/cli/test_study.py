import json

import pytest
from typer.testing import CliRunner

from moodprint.cli.study import app
from moodprint.dataset.toy_songs import make_songs

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


def test_a_plan_is_written_once_and_runs(tmp_path):
    for song in make_songs(tmp_path / "songs", 2):
        assert song.is_file()
    plan = tmp_path / "mine.yaml"
    done = CliRunner().invoke(app, ["init", str(tmp_path / "songs"), "--out", str(plan)])
    assert done.exit_code == 0, done.output
    assert "10 samples in 10 groups" in done.output
    assert f"moodprint study run {plan} --out mine" in done.output
    assert (tmp_path / "mine-labels.csv").is_file()
    plan.write_text(
        plan.read_text().replace("acoustic, musicnn, acoustic+musicnn", "acoustic")
        + "models: [dummy]\nfeatures: [acoustic]\n"
    )
    ran = _run(plan, "--out", tmp_path / "out", "--cache", tmp_path / "cache")
    assert ran.exit_code == 0, ran.output
    assert "dummy on acoustic: chosen by folds, the only one that was tried" in ran.output
    for name in ("comparisons.csv", "predictions.csv", "report.html"):
        assert str(tmp_path / "out" / name) in ran.output
        assert (tmp_path / "out" / name).is_file()
    again = CliRunner().invoke(app, ["init", str(tmp_path / "songs"), "--out", str(plan)])
    assert again.exit_code != 0
    assert "is there already" in str(again.exception)
