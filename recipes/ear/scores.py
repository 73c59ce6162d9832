"""Honest figures for the heads: within a corpus by groups, and on a corpus never met.

    python -m recipes.ear.scores --data DATA --pool POOL --made MADE --prepared PREPARED --run RUN

prints the table of the card.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from moodprint.emotion import EMOTIONS, QUADRANT_OF, Quadrant
from moodprint.evaluation.bootstrap import Interval, group_bootstrap
from moodprint.evaluation.metrics import ccc, macro_f1, spearman, uar
from moodprint.evaluation.probabilities import softmax
from moodprint.evaluation.splits import stratified_group_folds
from moodprint.recognition.adaptation import Adaptation
from recipes.ear.augment import voices
from recipes.ear.examples import load_examples
from recipes.ear.heads import HeadRecipe, Heads, fit
from recipes.ear.sources import all_items
from recipes.ear.table import LABELLED, Table, build, load_student, student_features

FOLDS = 5
_QUADRANT = np.array([list(Quadrant).index(QUADRANT_OF[emotion]) for emotion in EMOTIONS])
GAMES = ("game_moods", "scp_fear")
"""One kind of music from one kind of source: left out together."""

LEFT_OUT = {
    "game music": GAMES,
    "4q": ("4q",),
    "emopia": ("emopia",),
    "vgmidi": ("vgmidi",),
    "musifeast17": ("musifeast17",),
    "wild_moods": ("wild_moods",),
}
"""What is left out whole, in turn."""


@dataclass(frozen=True)
class Answers:
    """What heads that never saw these T tracks say of them (segments [S, 5] and [S, 2])."""

    table: Table
    logits: np.ndarray
    points: np.ndarray

    @classmethod
    def none(cls, table: Table) -> Answers:
        """All zeros, to be filled."""
        return cls(table, np.zeros((len(table.track), 5)), np.zeros((len(table.track), 2)))

    def fill(self, tested: np.ndarray, heads: Heads) -> None:
        """Let heads answer the segments ``tested`` [S]."""
        features = self.table.features[tested]
        self.logits[tested] = heads.logits(features)
        self.points[tested] = heads.points(features)

    def tracks(self, temperature: float = 1.0) -> tuple[Table, np.ndarray, np.ndarray]:
        """One row a track: the table, and the means of its segments' probabilities and points."""
        joined = np.concatenate([softmax(self.logits, temperature), self.points], axis=1)
        by_track = Table(joined, *list(self.table.__dict__.values())[1:]).by_track()
        return by_track, by_track.features[:, :5], by_track.features[:, 5:]


def within(table: Table, corpus: str, recipe: HeadRecipe) -> Answers:
    """Group folds inside one corpus, the other corpora left aside."""
    return folded(table.where(table.corpus == corpus), recipe)


def folded(own: Table, recipe: HeadRecipe) -> Answers:
    """Group folds over a whole table. Changed copies are learned from alone."""
    answers = Answers.none(own.where(~own.copy))
    one_each = answers.table.by_track()
    for fold in stratified_group_folds(
        one_each.target.argmax(axis=1), one_each.group, FOLDS, seed=0
    ):
        tracks = one_each.track[fold.test]
        heads = fit(own.where(~np.isin(own.track, tracks)), recipe)
        answers.fill(np.isin(answers.table.track, tracks), heads)
    return answers


def across(table: Table, corpora: tuple[str, ...], recipe: HeadRecipe) -> Answers:
    """All of some corpora, by heads fitted on the others."""
    tested = np.isin(table.corpus, corpora)
    answers = Answers.none(table.where(tested & ~table.copy))
    answers.fill(np.ones(len(answers.logits), bool), fit(table.where(~tested), recipe))
    return answers


def by_source(table: Table, corpus: str, recipe: HeadRecipe) -> Answers:
    """A corpus in folds of its groups, each by heads fitted on all other music."""
    answers = Answers.none(table.where((table.corpus == corpus) & ~table.copy))
    one_each = answers.table.by_track()
    labels = one_each.target.argmax(axis=1)
    for fold in stratified_group_folds(labels, one_each.group, FOLDS, seed=0):
        groups = one_each.group[fold.test]
        own = (table.corpus == corpus) & np.isin(table.group, groups)
        heads = fit(table.where(~own), recipe)
        answers.fill(np.isin(answers.table.group, groups), heads)
    return answers


def left_out(table: Table, recipe: HeadRecipe) -> dict[str, Answers]:
    """All corpora in turn, each by heads fitted on the rest."""
    return {name: across(table, corpora, recipe) for name, corpora in LEFT_OUT.items()}


@dataclass(frozen=True)
class Score:
    """One figure of the card: what was held out, the metric, and over how many tracks."""

    what: str
    metric: str
    tracks: int
    interval: Interval

    def __str__(self) -> str:
        return f"{self.what:44} {self.metric:20} {self.tracks:4}  {self.interval}"


def scores(table: Table, recipe: HeadRecipe, away: dict[str, Answers]) -> list[Score]:
    """Every figure of the card, ``away`` being the answers of ``left_out``. Quadrants sum the
    probabilities of their emotions; ``adapted`` answers are those of ``analyze --adapt``, fitted to
    the corpus without its labels."""
    wild = by_source(table, "wild_moods", recipe)
    found = [
        Emotions(wild).uar("wild_moods, by source"),
        Emotions(wild, adapt=True).uar("wild_moods, by source, adapted"),
    ]
    for corpus, kept in (("4q", "by artist"), ("game_moods", "by game")):
        answers, what = within(table, corpus, recipe), f"within {corpus}, {kept}"
        found += [Emotions(answers).uar(what)]
        found += [Emotions(answers, four=True).macro_f1(what)] if corpus == "4q" else []
    for name, answers in away.items():
        what = f"{name}, trained on the rest"
        if name == "musifeast17":
            found += [
                _rated(what, answers, axis, by) for axis in range(2) for by in (ccc, spearman)
            ]
        four = name in ("emopia", "vgmidi")
        for adapt, row in ((False, what), (True, f"{what}, adapted")):
            if not four:
                found += [Emotions(answers, adapt=adapt).uar(row)]
            if four or name == "4q":
                found += [Emotions(answers, adapt=adapt, four=True).macro_f1(row)]
    return found


@dataclass(frozen=True)
class Emotions:
    """What was answered of the tracks whose emotion, or quadrant (``four``), is known."""

    answers: Answers
    adapt: bool = False
    four: bool = False

    def uar(self, what: str) -> Score:
        """Unweighted average recall, as a score named ``what``."""
        return self._score(what, "UAR", uar)

    def macro_f1(self, what: str) -> Score:
        """Macro F1 over quadrants, as a score named ``what``."""
        return self._score(what, "macro F1, quadrants", macro_f1)

    def _score(self, what: str, metric: str, function: Callable[..., float]) -> Score:
        table, predicted, _ = self.answers.tracks()
        if self.adapt:
            predicted = Adaptation.fitted(predicted)(predicted)
        known = table.target.sum(axis=1) > 0
        truth, predicted = table.target[known], predicted[known]
        if self.four:
            truth, predicted = to_quadrants(truth), to_quadrants(predicted)
        interval = group_bootstrap(
            function, table.group[known], truth.argmax(axis=1), predicted.argmax(axis=1)
        )
        return Score(what, metric, int(known.sum()), interval)


def _rated(what: str, answers: Answers, axis: int, by: Callable[..., float]) -> Score:
    table, _, points = answers.tracks()
    interval = group_bootstrap(by, table.group, table.point[:, axis], points[:, axis])
    name = "CCC" if by is ccc else "Spearman"
    return Score(what, f"{name}, {('valence', 'arousal')[axis]}", len(points), interval)


def to_quadrants(shares: np.ndarray) -> np.ndarray:
    """[N, 5] to [N, 4]."""
    result = np.zeros((len(shares), 4))
    np.add.at(result.T, _QUADRANT, shares.T)
    return result


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "prepared", "run"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    examples = load_examples(all_items(options.data, options.pool, options.made), options.prepared)
    labelled = [example for example in examples if example.item.corpus in LABELLED]
    features = partial(student_features, load_student(options.run))
    table, recipe = build(labelled, features, voices(examples)), HeadRecipe()
    for score in scores(table, recipe, left_out(table, recipe)):
        print(score, flush=True)


if __name__ == "__main__":
    main()
