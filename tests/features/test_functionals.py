"""Eight numbers of a contour: by hand, and what must hold for any contour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from moodprint.features.functionals import FUNCTIONALS, functionals

CONTOURS = arrays(
    np.float32,
    st.tuples(st.integers(1, 40), st.integers(1, 4)),
    elements=st.floats(-1000, 1000, width=32),
)
LEVELS = ["mean", "p05", "median", "p95"]


def _of(values: object, per_second: float = 1.0) -> dict[str, float]:
    """The functionals of one contour, by name."""
    table = functionals(np.asarray(values, np.float32)[:, None], per_second)
    return dict(zip(FUNCTIONALS, table[0].tolist(), strict=True))


def _columns(table: np.ndarray, *names: str) -> np.ndarray:
    return table[:, [FUNCTIONALS.index(name) for name in names]]


def test_a_straight_line_by_hand() -> None:
    line = _of(np.arange(101), per_second=10)
    assert line["mean"] == line["median"] == 50
    assert line["p05"] == pytest.approx(5)
    assert line["p95"] == pytest.approx(95)
    assert line["range"] == pytest.approx(90)
    assert line["slope_per_s"] == pytest.approx(10)
    assert line["step"] == pytest.approx(1)
    assert line["sd"] == pytest.approx(np.arange(101).std())


def test_a_zigzag_goes_nowhere_in_large_steps() -> None:
    zigzag = _of([0, 4, 0, 4, 0])
    assert zigzag["slope_per_s"] == pytest.approx(0, abs=1e-6)
    assert zigzag["step"] == 4


def test_one_value_has_a_level_and_no_movement() -> None:
    still = dict.fromkeys(FUNCTIONALS, 0.0)
    assert _of([3.0]) == {**still, **dict.fromkeys(LEVELS, 3.0)}


def test_no_frame_gives_zeros() -> None:
    table = functionals(np.zeros((0, 4), np.float32), 1.0)
    assert table.shape == (4, len(FUNCTIONALS))
    assert not table.any()


@given(CONTOURS, st.floats(-500, 500))
def test_a_shift_moves_the_levels_and_nothing_else(contours: np.ndarray, shift: float) -> None:
    here = functionals(contours, 43.0)
    there = functionals(contours + np.float32(shift), 43.0)
    moved = there - here
    np.testing.assert_allclose(_columns(moved, *LEVELS), shift, atol=0.02)
    np.testing.assert_allclose(_columns(moved, "sd", "range", "slope_per_s", "step"), 0, atol=0.1)


@given(CONTOURS)
def test_played_backwards_only_the_slope_turns(contours: np.ndarray) -> None:
    forward, backward = functionals(contours, 2.0), functionals(contours[::-1], 2.0)
    slope = FUNCTIONALS.index("slope_per_s")
    np.testing.assert_allclose(backward[:, slope], -forward[:, slope], rtol=1e-4, atol=1e-2)
    others = [number for number in range(len(FUNCTIONALS)) if number != slope]
    np.testing.assert_allclose(backward[:, others], forward[:, others], rtol=1e-4, atol=1e-2)


@given(CONTOURS)
def test_levels_are_in_order_and_contours_do_not_mix(contours: np.ndarray) -> None:
    table = functionals(contours, 1.0)
    low, middle, high = _columns(table, "p05", "median", "p95").T
    assert (low <= middle).all()
    assert (middle <= high).all()
    alone = [functionals(contours[:, [one]], 1.0)[0] for one in range(contours.shape[1])]
    np.testing.assert_allclose(table, alone, rtol=1e-5, atol=1e-3)
