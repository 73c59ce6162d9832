import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from moodprint.cli.evaluate import app as evaluate_app
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import Prediction
from moodprint.study import evaluate_model as study_evaluate


class Loud:
    """Takes loud sounds for angry, quiet ones for calm."""

    def __init__(self, bundle=None):
        self.bundle = bundle

    def clip(self, clip):
        emotion = Emotion.ANGRY if np.abs(clip.mono).mean() > 0.1 else Emotion.CALM
        chances = dict.fromkeys(EMOTIONS, 0.1) | {emotion: 0.6}
        whole = Prediction(emotion, chances, 0.0, 0.0, 0.6, abstained=False)
        return type("Answer", (), {"overall": whole})


@pytest.fixture
def songs(tmp_path, monkeypatch):
    monkeypatch.setattr(study_evaluate, "Analyzer", Loud)
    study_evaluate._analyzer.cache_clear()
    lines = ["file,emotion,group"]
    for name, level, emotion in (("a", 0.5, "angry"), ("b", 0.01, "calm"), ("c", 0.5, "sad")):
        soundfile.write(tmp_path / f"{name}.wav", np.full(8000, level), 8000)
        lines.append(f"{name}.wav,{emotion},artist {name}")
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(lines))
    yield path
    study_evaluate._analyzer.cache_clear()


def _run(*words):
    return CliRunner().invoke(evaluate_app, [*map(str, words), "--workers", "1"])


def test_scores_are_told(songs):
    told = _run(songs)
    assert told.exit_code == 0, told.output
    assert "3 samples, 3 groups" in told.output
    assert "UAR       0.667" in told.output


def test_json_holds_all_scores(songs):
    found = json.loads(_run(songs, "--json").stdout)
    assert found["uar"]["value"] == pytest.approx(2 / 3)
    assert found["confusion"][0] == [1, 0, 0, 0, 0, 0]
    assert found["problems"] == {}


def test_the_word_music_may_be_said(songs):
    assert _run("music", songs).output == _run(songs).output
