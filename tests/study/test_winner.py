import json
from dataclasses import replace

import numpy as np
import pytest

from moodprint.bundle import BundleKind, open_bundle
from moodprint.features.cache import FeatureCache
from moodprint.models.classifiers.card import WEIGHTS
from moodprint.models.classifiers.skops_file import loaded
from moodprint.study.config import CorpusConfig, StudyConfig
from moodprint.study.leaderboard import Judged
from moodprint.study.run import run_study
from moodprint.study.winner import credible_from, write_winner

pytest.importorskip("skops", reason="the extra study is not installed")

CONFIG = StudyConfig(
    (CorpusConfig("toys", made=4),), ("acoustic",), ("ridge", "dummy"), folds=2, finalists=1
)


@pytest.fixture(scope="module")
def won(tmp_path_factory):
    out = tmp_path_factory.mktemp("study")
    study = run_study(CONFIG, out, cache=FeatureCache(out / "cache"))
    write_winner(study, out / "model")
    return study, open_bundle(out / "model")


def test_the_card_says_what_the_model_is_and_what_it_was_worth(won):
    study, bundle = won
    assert bundle.kind is BundleKind.STUDY_CLASSIFIER
    assert bundle.name.startswith("acoustic-ridge-")
    assert bundle.card.labels == CONFIG.labels
    assert bundle.card.segment_s == 4.0
    assert bundle.fields["metrics"]["holdout"]["uar"][0] == pytest.approx(study.rows[-1].uar)
    assert bundle.fields["training"]["samples"] == len(study.plan.holdout.fold.train)
    assert json.loads((bundle.path / "card.json").read_text())["files"][WEIGHTS]


def test_the_bundle_gives_the_scores_that_the_holdout_was_judged_by(won):
    study, bundle = won
    classifier = loaded(bundle.read(WEIGHTS), bundle.card.learned, 5)
    outcome = study.outcomes["holdout", study.finalists[0]]
    values = study.tables["acoustic"].values[outcome.rows]
    np.testing.assert_allclose(classifier.scores(values), outcome.judged.scores)


def test_the_same_study_writes_the_same_model(won, tmp_path):
    study, bundle = won
    write_winner(study, tmp_path / "again")
    again = open_bundle(tmp_path / "again")
    assert {k: v for k, v in again.fields.items() if k != "files"} == {
        k: v for k, v in bundle.fields.items() if k != "files"
    }


def test_a_study_without_holdout_learns_from_everything(tmp_path):
    config = replace(
        CONFIG,
        corpora=(CorpusConfig("one", made=3), CorpusConfig("two", made=3)),
        protocol="leave-one-corpus-out",
    )
    study = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    write_winner(study, tmp_path / "model")
    card = open_bundle(tmp_path / "model").fields
    assert card["training"]["samples"] == 30
    assert set(card["metrics"]) == {"corpus:one", "corpus:two"}


def test_answers_are_credible_from_where_half_are_right():
    confidence = np.linspace(0.51, 0.99, 100)
    right = np.arange(100) >= 40
    scores = np.log(np.stack([confidence, 1 - confidence], axis=1))
    places = np.arange(100)
    truth = np.where(right, 0, 1)
    edge = credible_from(Judged(truth, scores, places, places), 1.0)
    assert edge == pytest.approx(confidence[78], abs=0.02)
    sure = Judged(np.zeros(100, int), scores, places, places)
    assert credible_from(sure, 1.0) == 0
