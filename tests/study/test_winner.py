import json
from dataclasses import replace

import numpy as np
import pytest

from moodprint.bundle import BundleKind, open_bundle
from moodprint.dataset.config import CorpusConfig
from moodprint.features.cache import FeatureCache
from moodprint.models.classifiers.card import WEIGHTS
from moodprint.models.classifiers.skops_file import loaded
from moodprint.study.config import StudyConfig
from moodprint.study.run import run_study
from moodprint.study.winner import write_winner

pytest.importorskip("skops", reason="the extra study is not installed")

CONFIG = StudyConfig(
    corpora=(CorpusConfig("toys", toy_songs=4),),
    features=("acoustic",),
    models=("ridge", "dummy"),
    folds=2,
    finalists=1,
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


def test_the_bundle_gives_the_scores_of_the_holdout(won):
    study, bundle = won
    classifier = loaded(bundle.read(WEIGHTS), bundle.card.learned, 5)
    scores = study.scores["holdout", study.finalists[0]]
    values = study.tables["acoustic"].values[scores.rows]
    np.testing.assert_allclose(classifier.scores(values), scores.held_out.scores)


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
        corpora=(CorpusConfig("one", toy_songs=3), CorpusConfig("two", toy_songs=3)),
        protocol="leave-one-corpus-out",
    )
    study = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    write_winner(study, tmp_path / "model")
    card = open_bundle(tmp_path / "model").fields
    assert card["training"]["samples"] == 30
    assert set(card["metrics"]) == {"corpus:one", "corpus:two"}
