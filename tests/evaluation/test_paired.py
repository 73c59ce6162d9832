"""Two classifiers are told apart where one is better in many groups, and not by a lucky few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.errors import OptionError
from moodprint.evaluation import uar
from moodprint.evaluation.paired import holm_adjusted, paired_uar_test

RNG = np.random.default_rng(3)
TRUTH = np.tile([0, 1, 2, 0, 1], 40)
GROUPS = np.repeat(np.arange(40), 5)


def guesses(share_right: float) -> np.ndarray:
    wrong = RNG.random(len(TRUTH)) >= share_right
    return np.where(wrong, (TRUTH + RNG.integers(1, 3, len(TRUTH))) % 3, TRUTH)


def test_a_better_one_is_told_apart_and_its_difference_is_that_of_the_recalls() -> None:
    good, poor = guesses(0.9), guesses(0.5)
    found = paired_uar_test(TRUTH, good, poor, GROUPS)
    assert found.difference.value == pytest.approx(uar(TRUTH, good) - uar(TRUTH, poor))
    assert found.p_value < 0.01
    assert 0 < found.difference.low < found.difference.value < found.difference.high


def test_the_other_way_around_the_sign_turns() -> None:
    good, poor = guesses(0.9), guesses(0.5)
    one, other = (paired_uar_test(TRUTH, *pair, GROUPS) for pair in ((good, poor), (poor, good)))
    assert one.difference.value == -other.difference.value
    assert one.p_value == pytest.approx(other.p_value, abs=0.01)


def test_what_is_alike_is_not_told_apart() -> None:
    same = guesses(0.7)
    assert paired_uar_test(TRUTH, same, same, GROUPS).p_value == 1


def test_a_difference_in_one_group_is_chance_however_many_samples_it_has() -> None:
    groups = np.where(np.arange(len(TRUTH)) < 150, 0, GROUPS)
    good = TRUTH.copy()
    poor = np.where(groups == 0, (TRUTH + 1) % 3, TRUTH)
    assert paired_uar_test(TRUTH, good, poor, groups).p_value == pytest.approx(1)
    assert paired_uar_test(TRUTH, good, poor, np.arange(len(TRUTH))).p_value < 0.001


def test_where_both_are_alike_few_are_told_apart_by_chance() -> None:
    values = [
        paired_uar_test(TRUTH, guesses(0.6), guesses(0.6), GROUPS, seed=n).p_value
        for n in range(60)
    ]
    assert np.mean(np.array(values) < 0.05) <= 0.15


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(OptionError):
        paired_uar_test([0, 1], [0, 1], [0, 1], [0])


def test_holm_has_the_values_of_the_textbook() -> None:
    """R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")."""
    assert holm_adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm_adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjusted_values_are_no_lower_and_keep_their_order(values: list[float]) -> None:
    adjusted = holm_adjusted(values)
    assert all(new >= old for new, old in zip(adjusted, values, strict=True))
    assert all(0 <= new <= 1 for new in adjusted)
    order = np.argsort(values, kind="stable")
    assert list(np.sort(adjusted)) == [adjusted[place] for place in order]
