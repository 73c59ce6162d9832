"""The exact interval of a share of false matches."""

from __future__ import annotations

import re

import pytest
from scipy.stats import binomtest


@pytest.mark.parametrize(("found", "of"), [(0, 3_000), (3, 288), (1, 1), (0, 1), (17, 40)])
def test_it_is_the_interval_of_clopper_and_pearson(found: int, of: int) -> None:
    from matching import exact

    expected = binomtest(found, of).proportion_ci(method="exact")
    share, low, high = map(float, re.findall(r"\d\.\d{5}", exact(found, of)))
    assert share == pytest.approx(found / of, abs=1e-5)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-5)


def test_without_one_in_3700_queries_it_is_below_a_thousandth() -> None:
    from matching import exact

    assert exact(0, 3_700).endswith("[0.00000, 0.00100]")
