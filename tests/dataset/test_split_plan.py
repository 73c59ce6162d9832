"""Each way in which music could be on both sides is planted, and must be refused or kept apart."""

from dataclasses import replace

import numpy as np
import pytest

from moodprint.dataset import split_plan
from moodprint.dataset.samples import lineage_of
from moodprint.dataset.split_plan import careless, plan
from moodprint.errors import LeakError, OptionError
from moodprint.evaluation import Fold, refuse_leaks, stratified_group_folds
from moodprint.study.config import CorpusConfig, StudyConfig

CONFIG = StudyConfig(
    (CorpusConfig("toys", made=1),), ("acoustic",), ("ridge",), labels=("calm", "sad")
)


def _labels(samples):
    return np.array([CONFIG.labels.index(each.label) for each in samples])


def _plan(samples, **changes):
    return plan(samples, _labels(samples), replace(CONFIG, **changes))


def test_the_holdout_is_outside_of_every_fold(artists):
    made = _plan(artists)
    held = set(made.holdout.fold.test.tolist())
    assert len(made.splits) == 5
    for split in made.splits:
        assert not held & {*split.fold.train.tolist(), *split.fold.test.tolist()}
    tested = np.concatenate([split.fold.test for split in made.splits])
    assert sorted([*tested, *held]) == list(range(len(artists)))


def test_without_a_holdout_the_folds_go_over_all(artists):
    made = _plan(artists, holdout_share=0)
    assert made.holdout is None
    tested = np.concatenate([split.fold.test for split in made.splits])
    assert sorted(tested) == list(range(len(artists)))


def test_no_group_is_on_both_sides(artists):
    made = _plan(artists)
    for split in (*made.splits, made.holdout):
        sides = [
            {artists[row].group for row in side} for side in (split.fold.train, split.fold.test)
        ]
        assert not sides[0] & sides[1]


def test_a_duplicate_under_another_artist_goes_with_its_twin(artists):
    twin = replace(artists[0], id="twin", group="somebody else", song="twin", duplicate="d")
    rows = [replace(artists[0], duplicate="d"), *artists[1:], twin]
    for split in _plan(rows).splits:
        assert not {0, len(rows) - 1} & set(split.fold.test) or not (
            {0, len(rows) - 1} & set(split.fold.train)
        )


def test_copies_are_learned_from_beside_their_origin_and_never_judged(artists):
    copies = [replace(each, id=f"{each.id}+0", origin=each.id, made=True) for each in artists]
    rows = [*artists, *copies]
    made = _plan(rows)
    for split in (*made.splits, made.holdout):
        assert (split.fold.test < len(artists)).all()
        train = set(split.fold.train.tolist())
        assert {row for row in train if row >= 36} == {row + 36 for row in train if row < 36}


def test_generated_music_is_learned_from_everywhere_but_never_judged(artists, sample):
    rows = [*artists, sample("generated", "sad", "prompt", made=True)]
    for split in _plan(rows).splits:
        assert 36 in split.fold.train
        assert 36 not in split.fold.test


def test_generated_music_of_a_judged_group_is_left_out(artists, sample):
    rows = [*artists, sample("style of 0", "calm", "artist 0", made=True)]
    for split in _plan(rows).splits:
        assert (36 in split.fold.train) == (0 not in split.fold.test)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"group": "artist 0"}, "group"),
        ({"group": "somebody else", "duplicate": "d"}, "group"),
        ({"origin": "0-0"}, "augmented or generated"),
        ({"made": True}, "augmented or generated"),
    ],
)
def test_a_planted_leak_is_refused(artists, changed, said):
    first = replace(artists[0], duplicate="d")
    rows = [first, *artists[1:], replace(artists[-1], id="planted", song="planted", **changed)]
    with pytest.raises(LeakError, match=said):
        refuse_leaks(Fold(np.arange(3), np.array([36])), lineage_of(rows))


def test_folds_that_tear_groups_do_not_get_past_the_guard(artists, monkeypatch):
    def by_clip(labels, groups, *more):
        return stratified_group_folds(labels, np.arange(len(labels)), *more)

    monkeypatch.setattr(split_plan, "stratified_group_folds", by_clip)
    with pytest.raises(LeakError, match="same group"):
        _plan(artists)


def test_each_corpus_is_judged_without_having_been_heard(artists):
    rows = [replace(each, corpus="ab"[n % 2]) for n, each in enumerate(artists)]
    rows = [replace(each, group=f"{each.group} {each.corpus}") for each in rows]
    made = _plan(rows, protocol="leave-one-corpus-out")
    assert [split.stage for split in made.splits] == ["corpus:a", "corpus:b"]
    assert made.holdout is None
    assert {rows[row].corpus for row in made.splits[0].fold.test} == {"a"}
    assert {rows[row].corpus for row in made.splits[0].fold.train} == {"b"}


def test_an_artist_in_two_corpora_is_not_learned_from(artists):
    rows = [replace(each, corpus="a" if n < 20 else "b") for n, each in enumerate(artists)]
    for split in _plan(rows, protocol="leave-one-corpus-out").splits:
        judged = {rows[row].group for row in split.fold.test}
        assert not judged & {rows[row].group for row in split.fold.train}
    with pytest.raises(OptionError, match="at least 2 corpora"):
        _plan(artists, protocol="leave-one-corpus-out")


def test_the_careless_plan_tears_groups_and_leaves_the_holdout_alone(artists):
    honest = _plan(artists)
    torn = careless(_labels(artists), honest, 0)
    held = set(honest.holdout.fold.test.tolist())
    assert {split.stage for split in torn.splits} == {"ungrouped"}
    shared = 0
    for split in torn.splits:
        assert not held & {*split.fold.train.tolist(), *split.fold.test.tolist()}
        sides = [
            {artists[row].group for row in side} for side in (split.fold.train, split.fold.test)
        ]
        shared += len(sides[0] & sides[1])
    assert shared > 0
