import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.errors import OptionError
from moodprint.evaluation.generated.inception import inception_score, mean_entropy


def test_sure_answers_that_fill_all_classes_score_their_number() -> None:
    assert inception_score(np.eye(5)) == pytest.approx(5)
    assert mean_entropy(np.eye(5)) == 0


def test_answers_that_are_alike_score_one() -> None:
    assert inception_score([[1.0, 0.0]] * 4) == pytest.approx(1)
    assert inception_score([[0.5, 0.5]] * 4) == pytest.approx(1)
    assert mean_entropy([[0.5, 0.5]] * 4) == pytest.approx(math.log(2))


def test_by_hand() -> None:
    # The mean answer is (1/2, 1/2); each diverges from it by ln 2 - H(0.9, 0.1).
    unsure = -(0.9 * math.log(0.9) + 0.1 * math.log(0.1))
    assert mean_entropy([[0.9, 0.1], [0.1, 0.9]]) == pytest.approx(unsure)
    assert inception_score([[0.9, 0.1], [0.1, 0.9]]) == pytest.approx(2 / math.exp(unsure))


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 99))
def test_scores_lie_between_one_and_the_number_of_classes(rows: int, k: int, seed: int) -> None:
    answers = np.random.default_rng(seed).dirichlet(np.ones(k), rows)
    assert 1 - 1e-9 <= inception_score(answers) <= k + 1e-9
    assert -1e-9 <= mean_entropy(answers) <= math.log(k) + 1e-9


def test_what_are_no_probabilities_is_refused() -> None:
    for values in ([[0.5, 0.6]], [0.5, 0.5], [[1.5, -0.5]]):
        with pytest.raises(OptionError):
            inception_score(values)
        with pytest.raises(OptionError):
            mean_entropy(values)
