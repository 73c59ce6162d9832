"""Trials on numbers of which it is known what helps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from moodprint.ablation.run import AblationRequest, summary
from moodprint.ablation.softmax import fit_softmax
from moodprint.ablation.trial import ARMS, Setting, Table, balanced, recall, trial
from moodprint.dataset.config import CorpusConfig
from moodprint.errors import OptionError

CLASSES = 3


def _table(seed: int, songs: int, corpora: int, noise: float, shift: float = 0.0) -> Table:
    """Songs of 2 segments, two a group; a class's features lie around a corner of a simplex."""
    rng = np.random.default_rng(seed)
    truth = np.arange(songs) % CLASSES
    centres = np.eye(CLASSES, 6) * 2
    features = centres[truth] + shift + rng.normal(0, noise, (songs, 6))
    number = np.arange(songs)
    fields = (
        np.array([f"g{each // 2}" for each in number], object),
        np.array([f"s{each}" for each in number], object),
        np.array([f"c{each // 2 % corpora}" for each in number], object),
    )
    table = Table(features, truth, *fields)
    return table.where(np.repeat(number, 2))


@pytest.fixture
def real() -> Table:
    return _table(1, 120, 2, noise=1.2)


def test_softmax_is_that_of_scikit_learn(real: Table) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    ours = fit_softmax(real.features, real.truth, np.ones(len(real)), CLASSES, 0.03)
    scaled = (real.features - ours.mean) / ours.deviation
    n = len(real)
    theirs = linear.LogisticRegression(C=1 / (0.03 * n), tol=1e-8, max_iter=2000)
    theirs.fit(scaled, real.truth)
    expected = theirs.predict_log_proba(scaled)
    assert ours.log_probabilities(real.features) == pytest.approx(expected, abs=5e-3)


def test_held_back_wholly_it_stays_where_it_started(real: Table) -> None:
    start = fit_softmax(real.features, real.truth, np.ones(len(real)), CLASSES, 0.03)
    other = _table(5, 60, 2, noise=1.0)
    held = fit_softmax(other.features, other.truth, np.ones(len(other)), CLASSES, 1e6, start)
    assert held.weights[:-1] == pytest.approx(start.weights[:-1], abs=1e-3)


@pytest.mark.parametrize("arm", ARMS)
def test_what_is_tested_was_not_learned(real: Table, arm: str) -> None:
    setting = Setting(arm, 1.0, 1, "c1")
    answers = trial(setting, real, _table(2, 60, 1, 1.0), real, CLASSES)
    assert {each.corpus for each in answers if each.unseen == "corpus"} == {"c1"}
    assert {each.corpus for each in answers if each.unseen == "group"} == {"c0"}
    left_out = {song for song, corpus in zip(real.song, real.corpus, strict=True) if corpus == "c1"}
    assert {each.song for each in answers if each.unseen == "corpus"} == left_out
    assert recall([each for each in answers if each.unseen == "corpus"]) > 0.6


def test_labels_of_unseen_songs_change_nothing(real: Table) -> None:
    setting = Setting("real", 1.0, 1, "c1")
    made = _table(2, 60, 1, 1.0)
    before = trial(setting, real, made, real, CLASSES)
    wrong = np.where(real.corpus == "c1", (real.truth + 1) % CLASSES, real.truth)
    after = trial(setting, replace(real, truth=wrong), made, real, CLASSES)
    assert [each.answer for each in before] == [each.answer for each in after]


def test_good_made_music_helps_where_there_is_little_real_and_random_labels_do_not(
    real: Table,
) -> None:
    good = _table(3, 300, 1, noise=1.2)
    bad = replace(good, truth=np.random.default_rng(0).permutation(good.truth))
    scores = {}
    for name, made in (("good", good), ("bad", bad)):
        answers = [
            each
            for seed in (1, 2, 3)
            for arm in ARMS
            for left_out in ("c0", "c1")
            for each in trial(Setting(arm, 0.1, seed, left_out), real, made, real, CLASSES)
        ]
        rows = {(row.unseen, row.arm): row for row in summary(answers, (0.1,))}
        scores[name] = rows["corpus", "real + made"]
        assert rows["corpus", "real"].gain == 0
        for row in rows.values():
            assert row.uar_low <= row.uar <= row.uar_high
    assert scores["good"].gain_low > 0
    assert scores["bad"].gain < scores["good"].gain - 0.03


def test_balanced_means_count_classes_alike() -> None:
    values, truth = np.array([1.0, 1.0, 1.0, 0.0]), np.array([0, 0, 0, 1])
    assert balanced(values, truth) == 0.5


@pytest.mark.parametrize(
    "wrong", [{"shares": ()}, {"shares": (0.0,)}, {"shares": (1.5,)}, {"seeds": ()}]
)
def test_requests_that_cannot_be_are_refused(wrong: dict[str, tuple[float, ...]]) -> None:
    toys = [CorpusConfig(name, toy_songs=3) for name in "ab"]
    with pytest.raises(OptionError):
        AblationRequest((toys[0],), toys[1], "out")
    with pytest.raises(OptionError):
        AblationRequest(tuple(toys), toys[1], "out", **wrong)
