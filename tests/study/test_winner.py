import json
from dataclasses import replace

import numpy as np
import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import BundleKind, open_bundle
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.provenance import data_hash
from moodprint.emotion import EMOTIONS
from moodprint.features.cache import FeatureCache
from moodprint.models.classifiers.card import LONGEST_SEGMENT_S, SHORTEST_SEGMENT_S, WEIGHTS
from moodprint.models.classifiers.skops_file import loaded
from moodprint.recognition.analyzer import Analyzer
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


def test_the_holdout_was_not_learned_from(won, tmp_path):
    """Other sound in the hold-out gives the same model: it does not stand on it."""
    study, bundle = won
    table = study.tables["acoustic"]
    values = table.values.copy()
    values[study.plan.holdout.fold.test] += 100
    tables = {"acoustic": replace(table, values=values)}
    write_winner(replace(study, tables=tables, winner=None), tmp_path)
    one, other = (
        loaded(each.read(WEIGHTS), each.card.learned, 5) for each in (bundle, open_bundle(tmp_path))
    )
    np.testing.assert_array_equal(one.scores(table.values), other.scores(table.values))


def test_the_card_says_where_the_model_comes_from(won):
    study, bundle = won
    assert bundle.fields["training"]["corpora"] == ["toys"]
    assert bundle.fields["training"]["protocol"] == "holdout"
    assert bundle.fields["training"]["data_hash"] == data_hash(study.samples)
    assert set(bundle.fields["metrics"]) == {"cv", "holdout"}
    assert bundle.fields["features"]["licences"]["acoustic"]
    assert bundle.fields["versions"]["python"]
    assert bundle.fields["calibration"]["temperature"] == study.temperatures[study.finalists[0]]


@pytest.mark.parametrize(
    ("segment_s", "expected"), [(2.5, 2.5), (1e-3, SHORTEST_SEGMENT_S), (1e6, LONGEST_SEGMENT_S)]
)
def test_segments_have_the_length_of_the_study_or_the_nearest_that_a_card_takes(
    won, tmp_path, segment_s, expected
):
    study, _ = won
    longer = replace(study, config=replace(study.config, segment_s=segment_s))
    write_winner(longer, tmp_path)
    assert open_bundle(tmp_path).card.segment_s == expected


def test_without_a_readable_sample_a_usual_length_is_taken(won, tmp_path):
    study, _ = won
    gone = tuple(replace(s, excerpt=Excerpt(tmp_path / "gone.wav")) for s in study.samples)
    write_winner(replace(study, samples=gone), tmp_path)
    assert open_bundle(tmp_path).card.segment_s == 5.0


def test_an_analysis_takes_it(won):
    study, bundle = won
    song = study.samples[0]
    answer = Analyzer(bundle.path).file(song.excerpt.path)
    assert answer.model == bundle.name
    assert set(answer.overall.probabilities) == set(EMOTIONS)
