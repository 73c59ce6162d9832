"""Kernel distances: by hand, by chance, and of what cannot be compared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from moodprint.errors import OptionError
from moodprint.evaluation.generated.kernel import kernel_distance


def _slowly(real: np.ndarray, other: np.ndarray) -> float:
    """The definition, pair by pair."""
    pairs = [(i, j) for i in range(len(real)) for j in range(i)]
    width = np.median([np.sum((real[i] - real[j]) ** 2) for i, j in pairs])

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float(np.exp(-np.sum((x - y) ** 2) / (2 * width)))

    own = np.mean([kernel(real[i], real[j]) for i, j in pairs])
    others = np.mean([kernel(other[i], other[j]) for i in range(len(other)) for j in range(i)])
    return 100 * float(own + others - 2 * np.mean([kernel(x, y) for x in real for y in other]))


@given(seed=st.integers(0, 10_000), count=st.integers(2, 12), width=st.integers(1, 5))
def test_it_is_what_the_definition_says(seed: int, count: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    real, other = rng.normal(size=(count, width)), rng.normal(1, 2, (count + 1, width))
    assert kernel_distance(real, other) == pytest.approx(_slowly(real, other), abs=1e-8)


def test_sets_of_one_kind_lie_at_nothing_and_others_far() -> None:
    rng = np.random.default_rng(1)
    found = [kernel_distance(*rng.normal(size=(2, 200, 8))) for _ in range(30)]
    assert abs(np.mean(found)) < 0.1
    assert min(found) < 0, "unbiased: below as often as above"
    assert kernel_distance(rng.normal(size=(200, 8)), rng.normal(2, 1, (200, 8))) > 20


@given(arrays(np.float64, (6, 3), elements=st.floats(-10, 10)), st.permutations(range(6)))
def test_the_order_does_not_matter(table: np.ndarray, order: list[int]) -> None:
    real = np.random.default_rng(1).normal(size=(6, 3))
    expected = kernel_distance(real, table)
    assert kernel_distance(real[order], table[order]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("real", "other"),
    [([[1.0], [1.0]], [[1.0], [2.0]]), ([[1.0], [2.0]], [[1.0, 2.0], [2.0, 3.0]]),
     ([[1.0]], [[1.0], [2.0]]), ([[1.0], [np.nan]], [[1.0], [2.0]]), ([1.0], [2.0])],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(real: object, other: object) -> None:
    with pytest.raises(OptionError):
        kernel_distance(real, other)  # type: ignore[arg-type]
