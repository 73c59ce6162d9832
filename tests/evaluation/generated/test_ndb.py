import numpy as np
import pytest

from moodprint.errors import OptionError
from moodprint.evaluation.generated.ndb import Bins, fit_bins


def _clouds(counts: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """So many points around (0, 0), (10, 0), (20, 0), ..."""
    random = np.random.default_rng(seed)
    centres = np.repeat(10.0 * np.arange(len(counts)), counts)
    return np.stack([centres, np.zeros(len(centres))], 1) + random.normal(0, 0.3, (len(centres), 2))


def test_clusters_that_lie_apart_are_found() -> None:
    found = fit_bins(_clouds((30, 20, 50)), 3)
    order = np.argsort(found.centres[:, 0])
    np.testing.assert_allclose(found.centres[order, 0], [0, 10, 20], atol=0.3)
    assert found.counts[order].tolist() == [30, 20, 50]


def test_bins_that_are_missed_are_counted() -> None:
    real = fit_bins(_clouds((100, 100, 100, 100)), 4)
    assert real.different(_clouds((100, 100, 100, 100), seed=1)) == 0
    assert real.different(_clouds((200, 200, 0, 0), seed=1)) == 4
    assert real.different(_clouds((100, 100, 200, 0), seed=1)) == 2


def test_the_z_test_by_hand() -> None:
    # Shares 50/100 and 64/100: pooled 0.57, standard error 0.0700, z = 2.00 > 1.96.
    real = Bins(np.array([[0.0], [1.0]]), np.array([50, 50]))
    assert real.different([[0.0]] * 64 + [[1.0]] * 36) == 2
    assert real.different([[0.0]] * 63 + [[1.0]] * 37) == 0


def test_the_same_seed_gives_the_same_bins() -> None:
    table = np.random.default_rng(0).normal(size=(60, 3))
    np.testing.assert_array_equal(fit_bins(table, 7, 5).centres, fit_bins(table, 7, 5).centres)


def test_equal_rows_fill_bins_all_the_same() -> None:
    assert fit_bins(np.ones((5, 2)), 2).counts.sum() == 5


@pytest.mark.parametrize("count", [0, 6])
def test_bins_that_cannot_be_filled_are_refused(count: int) -> None:
    with pytest.raises(OptionError, match="bins"):
        fit_bins(np.ones((5, 2)), count)
