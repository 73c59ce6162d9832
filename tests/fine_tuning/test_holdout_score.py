"""The row of a fine-tuned network, with a backbone that knows its clips by their names."""

import json

import numpy as np
import pytest

from moodprint.dataset.config import CorpusConfig, DatasetConfig
from moodprint.dataset.provenance import data_hash
from moodprint.evaluation import fit_temperature
from moodprint.fine_tuning import holdout_score
from moodprint.fine_tuning.backbone import Backbone
from moodprint.fine_tuning.holdout_score import holdout_row
from moodprint.fine_tuning.loop import FineTuned
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.task import fine_tuning_task

CONFIG = DatasetConfig(corpora=(CorpusConfig("toys", toy_songs=4),), folds=2)
OPTIONS = FineTuningOptions("some/network", seed=7)


class KnowsByName(Backbone):
    """Sees the emotion in a toy song's name; of songs 0 it takes every one for angry."""

    learning_rate = 1.0

    def __init__(self, options, labels):
        raise AssertionError("nothing is trained here")

    def logits(self, excerpts, places):
        raise AssertionError("nothing is trained here")

    def save(self, folder):
        raise AssertionError("nothing is trained here")

    @staticmethod
    def scores(folder, excerpts, options, labels):
        assert options is OPTIONS
        rows = np.zeros((len(excerpts), len(labels)))
        for row, excerpt in zip(rows, excerpts, strict=True):
            emotion, number = excerpt.path.stem.split("-")
            row[labels.index("angry" if number == "0" else emotion)] = 3
        return rows

    @staticmethod
    def sign(folder, card):
        (folder / "card.json").write_text(json.dumps(card))


@pytest.fixture
def task(tmp_path, monkeypatch):
    monkeypatch.setattr(holdout_score, "backbone_class", lambda checkpoint: KnowsByName)
    return fine_tuning_task(CONFIG, tmp_path)


def _row(task, tmp_path):
    tuned = FineTuned(tmp_path, 1, ({"loss": 2.0, "uar": 0.1}, {"loss": 1.0, "uar": 0.5}))
    return holdout_row(task, tuned, OPTIONS)


def test_the_row_is_of_the_holdout_alone(task, tmp_path):
    row = _row(task, tmp_path)
    tested = [task.dataset.samples[number] for number in task.holdout.fold.test]
    right = [each.label == "angry" or not each.id.endswith("-0") for each in tested]
    assert (row.features, row.model, row.stage) == ("sound", "fine-tuned network", "holdout")
    assert (row.samples, row.groups) == (len(tested), len(tested))
    assert row.accuracy == pytest.approx(np.mean(right))


def test_the_temperature_is_fitted_on_what_the_epoch_was_chosen_by(task, tmp_path):
    _row(task, tmp_path)
    card = json.loads((tmp_path / "card.json").read_text())
    excerpts = [task.data.excerpts[number] for number in task.fold.test]
    scores = KnowsByName.scores(tmp_path, excerpts, OPTIONS, task.data.labels)
    expected = fit_temperature(task.data.truth[task.fold.test], scores)
    assert card["calibration"]["temperature"] == pytest.approx(expected)
    assert 0 <= card["calibration"]["abstain_below"] <= 1


def test_the_card_says_where_the_network_comes_from(task, tmp_path):
    row = _row(task, tmp_path)
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["training"] == {
        "began_with": "network",
        "corpora": ["toys"],
        "samples": len(task.fold.train),
        "epochs": 2,
        "best_epoch": 1,
        "seed": 7,
    }
    assert card["data_hash"] == data_hash(task.dataset.samples)
    assert card["version"] == card["data_hash"][:8]
    assert card["metrics"]["holdout"]["uar"] == [row.uar, row.uar_low, row.uar_high]
    assert card["versions"]["python"]
