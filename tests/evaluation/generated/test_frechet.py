import numpy as np
import pytest
from scipy import linalg

from moodprint.errors import OptionError
from moodprint.evaluation.generated.frechet import frechet_distance

RANDOM = np.random.default_rng(3)


def test_equal_sets_lie_at_no_distance() -> None:
    table = RANDOM.normal(size=(50, 4))
    assert frechet_distance(table, table) == pytest.approx(0, abs=1e-9)


def test_moved_sets_lie_as_far_as_they_were_moved() -> None:
    table = RANDOM.normal(size=(50, 3))
    assert frechet_distance(table, table + np.array([3, 0, 4])) == pytest.approx(25)


def test_one_dimension_by_hand() -> None:
    # Variances 2 and 8 (of 2 rows each), means 0: (sqrt 2 - sqrt 8)^2 = 2.
    assert frechet_distance([[-1.0], [1.0]], [[-2.0], [2.0]]) == pytest.approx(2)


def test_it_is_what_the_matrix_root_of_scipy_gives() -> None:
    one = RANDOM.normal(size=(80, 5)) @ RANDOM.normal(size=(5, 5))
    other = RANDOM.normal(size=(60, 5)) @ RANDOM.normal(size=(5, 5)) + 1
    a, b = np.cov(one.T), np.cov(other.T)
    root = linalg.sqrtm(a @ b).real
    difference = one.mean(0) - other.mean(0)
    wanted = difference @ difference + np.trace(a + b - 2 * root)
    assert frechet_distance(one, other) == pytest.approx(wanted, rel=1e-6)
    assert frechet_distance(other, one) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([[1.0]], [[1.0], [2.0]]),
        ([[1.0], [2.0]], [[1.0, 2.0], [2.0, 3.0]]),
        ([1.0, 2.0], [1.0, 2.0]),
        ([[1.0], [np.nan]], [[1.0], [2.0]]),
    ],
)
def test_what_has_no_distance_is_refused(one: object, other: object) -> None:
    with pytest.raises(OptionError):
        frechet_distance(one, other)  # type: ignore[arg-type]
