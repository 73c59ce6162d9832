"""Honest figures for the heads: within a corpus by groups, and on a corpus never met.

    python judge.py --data DATA --pool POOL --made MADE --prepared PREPARED --run RUN

prints a table for the student and, as a yardstick, for YAMNet's own scores.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from heads import HeadRecipe, Heads, fit
from lessons import load_lessons
from sources import all_items
from table import LABELLED, Table, build, load_student, student_features, teacher_features

from moodprint.emotion import EMOTIONS, QUADRANT_OF, Quadrant
from moodprint.evaluation.bootstrap import Interval, group_bootstrap
from moodprint.evaluation.metrics import ccc, macro_f1, uar
from moodprint.evaluation.splits import stratified_group_folds

FOLDS = 5
_QUADRANT = np.array([list(Quadrant).index(QUADRANT_OF[emotion]) for emotion in EMOTIONS])
GAMES = ("game_moods", "scp_fear")
"""One kind of music from one kind of source: left out together."""


@dataclass(frozen=True)
class Answers:
    """What heads that never saw these T tracks say of them (segments [S, 5] and [S, 2])."""

    table: Table
    logits: np.ndarray
    points: np.ndarray

    def tracks(self, temperature: float = 1.0) -> tuple[Table, np.ndarray, np.ndarray]:
        """One row a track: the table, and the means of its segments' probabilities and points."""
        joined = np.concatenate([softmax(self.logits / temperature), self.points], axis=1)
        by_track = Table(joined, *list(self.table.__dict__.values())[1:]).by_track()
        return by_track, by_track.features[:, :5], by_track.features[:, 5:]


def softmax(logits: np.ndarray) -> np.ndarray:
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def within(table: Table, corpus: str, recipe: HeadRecipe) -> Answers:
    """Group folds inside one corpus, the other corpora left aside."""
    return folded(table.where(table.corpus == corpus), recipe)


def folded(own: Table, recipe: HeadRecipe) -> Answers:
    """Group folds over a whole table."""
    one_each = own.by_track()
    answers = Answers(own, np.zeros((len(own.track), 5)), np.zeros((len(own.track), 2)))
    for fold in stratified_group_folds(
        one_each.target.argmax(axis=1), one_each.group, FOLDS, seed=0
    ):
        tested = np.isin(own.track, one_each.track[fold.test])
        _answer(answers, tested, fit(own.where(~tested), recipe))
    return answers


def across(table: Table, corpora: tuple[str, ...], recipe: HeadRecipe) -> Answers:
    """All of some corpora, by heads fitted on the others."""
    tested = np.isin(table.corpus, corpora)
    own = table.where(tested)
    answers = Answers(own, np.zeros((len(own.track), 5)), np.zeros((len(own.track), 2)))
    _answer(answers, np.ones(len(own.track), bool), fit(table.where(~tested), recipe))
    return answers


def _answer(answers: Answers, tested: np.ndarray, heads: Heads) -> None:
    features = answers.table.features[tested]
    answers.logits[tested] = heads.logits(features)
    answers.points[tested] = heads.points(features)


@dataclass(frozen=True)
class Score:
    what: str
    metric: str
    tracks: int
    interval: Interval


def scores(table: Table, recipe: HeadRecipe) -> list[Score]:
    """Every figure of the card. Quadrants sum the probabilities of their emotions."""
    five, four = partial(_emotions, classes=5), partial(_emotions, classes=4)
    in_4q, in_games = within(table, "4q", recipe), within(table, "game_moods", recipe)
    result = [
        five("within 4q, by artist", "UAR", uar, in_4q),
        four("within 4q, by artist", "macro F1, quadrants", macro_f1, in_4q),
        five("within game_moods, by game", "UAR", uar, in_games),
        five("game music, trained on the rest", "UAR", uar, across(table, GAMES, recipe)),
    ]
    to_4q = across(table, ("4q",), recipe)
    result.append(five("4q, trained on the rest", "UAR", uar, to_4q))
    for corpus in ("4q", "emopia", "vgmidi"):
        answers = to_4q if corpus == "4q" else across(table, (corpus,), recipe)
        result.append(
            four(f"{corpus}, trained on the rest", "macro F1, quadrants", macro_f1, answers)
        )
    rated = across(table, ("musifeast17",), recipe)
    return result + [_rated(rated, axis) for axis in range(2)]


def _emotions(what: str, metric: str, function: Callable, answers: Answers, classes: int) -> Score:
    table, probabilities, _ = answers.tracks()
    known = table.target.sum(axis=1) > 0
    truth, said = table.target[known], probabilities[known]
    if classes == 4:
        truth, said = to_quadrants(truth), to_quadrants(said)
    interval = group_bootstrap(
        function, table.group[known], truth.argmax(axis=1), said.argmax(axis=1)
    )
    return Score(what, metric, int(known.sum()), interval)


def _rated(answers: Answers, axis: int) -> Score:
    table, _, points = answers.tracks()
    interval = group_bootstrap(ccc, table.group, table.point[:, axis], points[:, axis])
    name = ("valence", "arousal")[axis]
    return Score("musifeast17, trained on the rest", f"CCC, {name}", len(points), interval)


def to_quadrants(shares: np.ndarray) -> np.ndarray:
    """[N, 5] to [N, 4]."""
    result = np.zeros((len(shares), 4))
    np.add.at(result.T, _QUADRANT, shares.T)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "prepared", "run"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--ridge", type=float, nargs="+", default=[HeadRecipe.ridge])
    options = parser.parse_args()
    items = [i for i in all_items(options.data, options.pool, options.made) if i.corpus in LABELLED]
    lessons = load_lessons(items, options.prepared)
    student = load_student(options.run)
    for name, features in (
        ("student", partial(student_features, student)),
        ("YAMNet", teacher_features),
    ):
        table = build(lessons, features)
        for ridge in options.ridge:
            print(f"\n{name}, ridge {ridge:g}, {len(table.track)} segments")
            for score in scores(table, HeadRecipe(ridge=ridge)):
                print(
                    f"  {score.what:34} {score.metric:20} {score.tracks:4}  {score.interval}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
