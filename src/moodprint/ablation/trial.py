"""One trial: an arm, an amount of real music, a seed, a corpus left out; scored on the unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from moodprint.ablation.arrays import FloatArray
from moodprint.ablation.softmax import Softmax, fit_softmax
from moodprint.evaluation.validate import IntArray

ARMS = ("real", "real + made", "made, then real", "real + augmented")
"""What is learned from. ``made`` is generated music, ``augmented`` changed copies of the real."""

RIDGES = (0.003, 0.03, 0.3)
MADE_WEIGHTS = (0.1, 0.3, 1.0)
"""What all made music weighs beside all real music, where both are mixed."""

_INNER = 3
_HELD_OUT = 5
"""One group in so many is only tested on."""


@dataclass(frozen=True)
class Table:
    """Samples: features [N, D], class numbers [N], and for each its group, song and corpus."""

    features: FloatArray
    truth: IntArray
    group: np.ndarray
    song: np.ndarray
    corpus: np.ndarray

    def where(self, chosen: np.ndarray) -> Table:
        """The samples of a mask or of places."""
        parts = (self.features, self.truth, self.group, self.song, self.corpus)
        return Table(*(part[chosen] for part in parts))

    def __len__(self) -> int:
        return len(self.truth)


@dataclass(frozen=True)
class Setting:
    """Which trial: ``share`` of the groups that may be learned from, ``seed``, the corpus that is
    ``left_out`` of learning."""

    arm: str
    share: float
    seed: int
    left_out: str


@dataclass(frozen=True)
class SongAnswer:
    """What a trial answered for a song: class numbers, and where it was unseen: as a group of a
    corpus that was learned from, or as one of the corpus left out."""

    setting: Setting
    song: str
    group: str
    corpus: str
    truth: int
    answer: int
    unseen: str


@dataclass(frozen=True)
class Trials:
    """The trials on these tables, as a function that can be sent to other processes."""

    real: Table
    made: Table
    copies: Table
    classes: int

    def __call__(self, setting: Setting) -> list[SongAnswer]:
        return trial(setting, self.real, self.made, self.copies, self.classes)


def trial(
    setting: Setting, real: Table, made: Table, copies: Table, classes: int
) -> list[SongAnswer]:
    """The answers for all songs that the trial has not learned from. ``copies`` are of ``real``,
    with the same groups. Ridge and weight are tuned on groups that are learned from alone."""
    rng = np.random.default_rng([setting.seed, 77])
    inside = real.corpus != setting.left_out
    groups = rng.permutation(np.unique(real.group[inside]))
    held_out, learned = np.split(groups, [max(1, len(groups) // _HELD_OUT)])
    learned = learned[: max(_INNER, round(setting.share * len(learned)))]
    train = real.where(inside & np.isin(real.group, learned))
    changed = copies.where(np.isin(copies.group, learned) & (copies.corpus != setting.left_out))
    model = _tuned(setting, train, made, changed, classes)
    tests = {
        "group": real.where(inside & np.isin(real.group, held_out)),
        "corpus": real.where(~inside),
    }
    return [
        SongAnswer(setting, song, group, corpus, truth, answer, unseen)
        for unseen, test in tests.items()
        for song, group, corpus, truth, answer in _by_song(model, test)
    ]


def _tuned(setting: Setting, train: Table, made: Table, changed: Table, classes: int) -> Softmax:
    """Fitted with the ridge and weight that are best on groups kept aside in turn."""
    rng = np.random.default_rng([setting.seed, 78])
    groups = rng.permutation(np.unique(train.group))
    folds = [part for part in np.array_split(groups, _INNER) if len(part)]
    mixed = setting.arm in ("real + made", "real + augmented")
    best, best_score = (RIDGES[1], MADE_WEIGHTS[1] if mixed else 1.0), -np.inf
    weights = [(None, weight) for weight in MADE_WEIGHTS] if mixed else []
    for option in [*((ridge, None) for ridge in RIDGES), *weights]:  # one after the other
        ridge, weight = option[0] or best[0], option[1] or best[1]
        scores = []
        for fold in folds:
            aside = np.isin(train.group, fold)
            if aside.all() or not aside.any():
                continue
            rest = changed.where(~np.isin(changed.group, fold))
            model = _fitted(setting.arm, train.where(~aside), made, rest, classes, ridge, weight)
            kept = train.where(aside)
            logs = model.log_probabilities(kept.features)
            scores.append(balanced(logs[np.arange(len(kept)), kept.truth], kept.truth))
        score = float(np.mean(scores)) if scores else -np.inf
        if score > best_score:
            best, best_score = (ridge, weight), score
    return _fitted(setting.arm, train, made, changed, classes, *best)


def _fitted(
    arm: str, train: Table, made: Table, changed: Table, classes: int, ridge: float, weight: float
) -> Softmax:
    if arm == "real":
        return fit_softmax(train.features, train.truth, _even(train), classes, ridge)
    if arm == "made, then real":
        start = fit_softmax(made.features, made.truth, _even(made), classes, RIDGES[1])
        return fit_softmax(train.features, train.truth, _even(train), classes, ridge, start)
    more = made if arm == "real + made" else changed
    return fit_softmax(
        np.concatenate([train.features, more.features]),
        np.concatenate([train.truth, more.truth]),
        np.concatenate([_even(train), weight * _even(more)]),
        classes,
        ridge,
    )


def _even(table: Table) -> FloatArray:
    """Weights that sum to 1, every song's alike."""
    _, place, counts = np.unique(table.song, return_inverse=True, return_counts=True)
    return 1 / (counts[place] * len(counts)) if len(table) else np.zeros(0)


def balanced(values: FloatArray, truth: IntArray) -> float:
    """The mean over classes of the means within each."""
    return float(np.mean([values[truth == each].mean() for each in np.unique(truth)]))


def _by_song(model: Softmax, test: Table) -> Iterator[tuple[str, str, str, int, int]]:
    if not len(test):
        return
    logs = model.log_probabilities(test.features)
    names, first, place = np.unique(test.song, return_index=True, return_inverse=True)
    summed = np.zeros((len(names), logs.shape[1]))
    np.add.at(summed, place, logs)
    for number, name in enumerate(names):
        row = first[number]
        answer = int(summed[number].argmax())
        yield (
            str(name),
            str(test.group[row]),
            str(test.corpus[row]),
            int(test.truth[row]),
            answer,
        )


def recall(answers: Sequence[SongAnswer]) -> float:
    """UAR: the mean over emotions of the share of their songs that were answered so."""
    truth = np.array([each.truth for each in answers])
    right = np.array([each.answer == each.truth for each in answers], float)
    return balanced(right, truth) if len(truth) else float("nan")
