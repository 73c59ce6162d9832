"""Each way in which music could be on both sides is planted, and must be refused or kept apart."""

from dataclasses import replace

import numpy as np
import pytest

from moodprint.dataset import split_plan as module
from moodprint.dataset.config import CorpusConfig, DatasetConfig
from moodprint.dataset.gather import Dataset, truth_of
from moodprint.dataset.samples import lineage_of
from moodprint.dataset.split_plan import split_plan, ungrouped_plan
from moodprint.errors import CorpusError, LeakError, OptionError
from moodprint.evaluation import Fold, refuse_leaks, stratified_group_folds

CONFIG = DatasetConfig(corpora=(CorpusConfig("toys", toy_songs=1),), labels=("calm", "sad"))


def _plan(samples, **changes):
    return split_plan(Dataset(tuple(samples), CONFIG.labels), replace(CONFIG, **changes))


def _sides(staged):
    return set(staged.fold.train.tolist()), set(staged.fold.test.tolist())


def test_the_holdout_is_outside_of_every_fold(artists):
    plan = _plan(artists)
    held = set(plan.holdout.fold.test.tolist())
    assert len(plan.folds) == 5
    for split in plan.folds:
        assert not held & {*split.fold.train.tolist(), *split.fold.test.tolist()}
    tested = np.concatenate([split.fold.test for split in plan.folds])
    assert sorted([*tested, *held]) == list(range(len(artists)))


def test_without_a_holdout_the_folds_go_over_all(artists):
    plan = _plan(artists, holdout_share=0)
    assert plan.holdout is None
    tested = np.concatenate([split.fold.test for split in plan.folds])
    assert sorted(tested) == list(range(len(artists)))


def test_no_group_is_on_both_sides(artists):
    plan = _plan(artists)
    for split in (*plan.folds, plan.holdout):
        sides = [
            {artists[row].group for row in side} for side in (split.fold.train, split.fold.test)
        ]
        assert not sides[0] & sides[1]


def test_a_duplicate_under_another_artist_goes_with_its_twin(artists):
    twin = replace(artists[0], id="twin", group="somebody else", song="twin", duplicate="d")
    rows = [replace(artists[0], duplicate="d"), *artists[1:], twin]
    for split in _plan(rows).folds:
        assert not {0, len(rows) - 1} & set(split.fold.test) or not (
            {0, len(rows) - 1} & set(split.fold.train)
        )


def _copies(samples):
    return [replace(each, id=f"{each.id}+0", origin=each.id, synthetic=True) for each in samples]


def test_copies_are_learned_from_beside_their_origin_and_never_tested_on(artists):
    rows = [*artists, *_copies(artists)]
    plan = _plan(artists).with_copies(rows)
    for split in plan.all_folds:
        train, test = _sides(split)
        assert test < set(range(36))
        assert {row for row in train if row >= 36} == {row + 36 for row in train if row < 36}


def test_copies_change_nothing_of_the_rest(artists):
    plain, copied = _plan(artists), _plan(artists).with_copies([*artists, *_copies(artists)])
    for before, after in zip(plain.all_folds, copied.all_folds, strict=True):
        np.testing.assert_array_equal(before.fold.test, after.fold.test)
        np.testing.assert_array_equal(before.fold.train, after.fold.train[after.fold.train < 36])


def test_what_is_learned_from_is_all_but_the_holdout(artists):
    plan = _plan(artists)
    held = _sides(plan.holdout)[1]
    assert set(plan.learned_from.tolist()) == set(range(36)) - held


def test_a_plan_without_some_rows_keeps_the_sides_of_the_others(artists):
    plan = _plan(artists)
    usable = np.ones(36, bool)
    usable[[0, 7, 8, 20]] = False
    names = [each.id for each in artists]
    left = [name for name, use in zip(names, usable, strict=True) if use]
    for before, after in zip(plan.all_folds, plan.restricted(usable).all_folds, strict=True):
        for whole, part in zip(_sides(before), _sides(after), strict=True):
            assert {left[row] for row in part} == {names[row] for row in whole} & set(left)


def test_a_fold_of_which_nothing_can_be_read_is_told(artists):
    plan = _plan(artists)
    usable = np.ones(36, bool)
    usable[plan.folds[2].fold.test] = False
    with pytest.raises(CorpusError, match="of cv 2 no sample can be read on one side"):
        plan.restricted(usable)


def test_generated_music_is_learned_from_everywhere_but_never_tested(artists, sample):
    rows = [*artists, sample("generated", "sad", "prompt", synthetic=True)]
    for split in _plan(rows).folds:
        assert 36 in split.fold.train
        assert 36 not in split.fold.test


def test_generated_music_of_a_tested_group_is_left_out(artists, sample):
    rows = [*artists, sample("style of 0", "calm", "artist 0", synthetic=True)]
    for split in _plan(rows).folds:
        assert (36 in split.fold.train) == (0 not in split.fold.test)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"group": "artist 0"}, "group"),
        ({"group": "somebody else", "duplicate": "d"}, "group"),
        ({"origin": "0-0"}, "augmented or generated"),
        ({"synthetic": True}, "augmented or generated"),
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

    monkeypatch.setattr(module, "stratified_group_folds", by_clip)
    with pytest.raises(LeakError, match="same group"):
        _plan(artists)


def test_each_corpus_is_tested_without_having_been_heard(artists):
    rows = [replace(each, corpus="ab"[n % 2]) for n, each in enumerate(artists)]
    rows = [replace(each, group=f"{each.group} {each.corpus}") for each in rows]
    plan = _plan(rows, protocol="leave-one-corpus-out")
    assert [split.stage for split in plan.folds] == ["corpus:a", "corpus:b"]
    assert plan.holdout is None
    assert {rows[row].corpus for row in plan.folds[0].fold.test} == {"a"}
    assert {rows[row].corpus for row in plan.folds[0].fold.train} == {"b"}


def test_an_artist_in_two_corpora_is_not_learned_from(artists):
    rows = [replace(each, corpus="a" if n < 20 else "b") for n, each in enumerate(artists)]
    for split in _plan(rows, protocol="leave-one-corpus-out").folds:
        tested = {rows[row].group for row in split.fold.test}
        assert not tested & {rows[row].group for row in split.fold.train}
    with pytest.raises(OptionError, match="at least 2 corpora"):
        _plan(artists, protocol="leave-one-corpus-out")


def test_the_ungrouped_plan_tears_groups_and_leaves_the_holdout_alone(artists):
    honest = _plan(artists)
    torn = ungrouped_plan(truth_of(artists, CONFIG.labels), honest, 0)
    held = set(honest.holdout.fold.test.tolist())
    assert {split.stage for split in torn.folds} == {"ungrouped"}
    shared = 0
    for split in torn.folds:
        assert not held & {*split.fold.train.tolist(), *split.fold.test.tolist()}
        sides = [
            {artists[row].group for row in side} for side in (split.fold.train, split.fold.test)
        ]
        shared += len(sides[0] & sides[1])
    assert shared > 0


def test_nothing_left_to_learn_from_is_told(artists):
    """The same artists in both corpora: a test on either would have to learn from nothing."""
    rows = [replace(each, corpus="ab"[n % 2]) for n, each in enumerate(artists)]
    with pytest.raises(LeakError, match="nothing can be learned for a test on the corpus 'a'"):
        _plan(rows, protocol="leave-one-corpus-out")


def test_synthetic_samples_alone_are_no_test(artists):
    rows = [replace(each, synthetic=True) for each in artists]
    with pytest.raises(CorpusError, match="all samples are synthetic"):
        _plan(rows)


def test_the_same_seed_gives_the_same_plan_and_another_gives_another(artists):
    tests = [_sides(_plan(artists, seed=seed).holdout)[1] for seed in (0, 0, 1, 2, 3)]
    assert tests[0] == tests[1]
    assert any(other != tests[0] for other in tests[2:])


def test_too_few_groups_are_told(artists):
    with pytest.raises(OptionError, match="groups"):
        _plan(artists[:3])
