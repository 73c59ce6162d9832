import numpy as np
import pytest

from moodprint.features.functionals import FUNCTIONALS, functionals


def _told(values, per_second=1.0):
    table = functionals(np.asarray(values, np.float32)[:, None], per_second)
    return dict(zip(FUNCTIONALS, table[0], strict=True))


def test_a_straight_line_by_hand():
    told = _told(np.arange(101), per_second=10)
    assert told["mean"] == told["median"] == 50
    assert told["p05"] == pytest.approx(5)
    assert told["p95"] == pytest.approx(95)
    assert told["range"] == pytest.approx(90)
    assert told["slope_per_s"] == pytest.approx(10)
    assert told["step"] == pytest.approx(1)
    assert told["sd"] == pytest.approx(np.arange(101).std())


def test_one_value_and_none():
    assert _told([3.0]) == {
        **dict.fromkeys(FUNCTIONALS, 0),
        **dict.fromkeys(("mean", "p05", "median", "p95"), 3),
    }
    assert not functionals(np.zeros((0, 4), np.float32), 1.0).any()
    assert functionals(np.zeros((0, 4), np.float32), 1.0).shape == (4, len(FUNCTIONALS))
