import json

import numpy as np
import pytest
import soundfile
from fake_predictions import PredictByLoudness
from typer.testing import CliRunner

from moodprint.cli.app import main
from moodprint.cli.evaluate import app as evaluate_app
from moodprint.study import model_scores


@pytest.fixture
def songs(tmp_path, monkeypatch):
    monkeypatch.setattr(model_scores, "PredictExcerpt", PredictByLoudness)
    lines = ["file,emotion,group"]
    for name, level, emotion in (("a", 0.5, "angry"), ("b", 0.01, "calm"), ("c", 0.4, "sad")):
        soundfile.write(tmp_path / f"{name}.wav", np.full(8000, level), 8000)
        lines.append(f"{name}.wav,{emotion},artist {name}")
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(lines))
    return path


def _run(*words):
    return CliRunner().invoke(evaluate_app, [*map(str, words), "--workers", "1"])


def test_scores_are_told(songs):
    done = _run(songs)
    assert done.exit_code == 0, done.output
    assert "3 samples, 3 groups" in done.output
    assert "UAR       0.667" in done.output


def test_json_holds_all_scores(songs):
    found = json.loads(_run(songs, "--json").stdout)
    assert found["uar"]["value"] == pytest.approx(2 / 3)
    assert found["confusion"][0] == [1, 0, 0, 0, 0, 0]
    assert found["problems"] == {}


def test_labels_are_taken_as_people_type_them_and_the_rest_is_counted(songs):
    text = songs.read_text().replace("angry", "Angry ").replace("sad", "bored")
    songs.write_bytes(text.encode("utf-8-sig"))
    done = _run(songs)
    assert done.exit_code == 0, done.output
    assert "2 samples, 2 groups" in done.stdout
    assert "1 sample was left out: 1 labelled 'bored'; the labels taken are angry" in done.stderr


def test_a_file_that_is_listed_twice_is_one_group(songs):
    with songs.open("a") as file:
        file.write("\n./a.wav,angry,artist d\n")
    assert "4 samples, 3 groups" in _run(songs).stdout


def test_the_word_music_may_be_said(songs):
    assert _run("music", songs).output == _run(songs).output


def test_music_that_the_model_learned_from_is_told(tmp_path, capsys):
    pytest.importorskip("sklearn", reason="the extra study is not installed")
    plan = tmp_path / "study.yaml"
    plan.write_text(
        "corpora: [{name: toys, toy_songs: 4}]\nfeatures: [acoustic]\nmodels: [lda]\nfolds: 2\n"
    )
    words = ["--out", tmp_path / "s", "--cache", tmp_path / "c", "--workers", 1, "--quiet"]
    with pytest.raises(SystemExit):
        main(["study", "run", str(plan), *map(str, words)])
    labels = tmp_path / "labels.csv"
    songs = sorted((tmp_path / "s" / "toy_songs" / "toys").rglob("*.wav"))
    rows = [f"{song},{song.parent.name},{song.stem}" for song in songs]
    labels.write_text("\n".join(["file,emotion,group", *rows]))
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "music", str(labels), "--model", str(tmp_path / "s" / "model")])
    assert ended.value.code == 0
    err = capsys.readouterr().err
    assert "15 of 20 samples are of files that the model learned from" in err
