import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from moodprint.errors import OptionError
from moodprint.evaluation.generated.nearest import mean_distance, nearest_distances

TABLE = np.random.default_rng(0).normal(size=(300, 4))


def test_distances_are_those_of_scipy() -> None:
    known = TABLE[:40] + 1
    np.testing.assert_allclose(nearest_distances(TABLE, known), cdist(TABLE, known).min(1))
    assert mean_distance(TABLE) == pytest.approx(pdist(TABLE).mean())


def test_copies_lie_at_no_distance() -> None:
    assert nearest_distances(TABLE[7:9], TABLE).tolist() == [0, 0]
    assert mean_distance(np.ones((3, 2))) == 0


def test_tables_of_another_width_are_refused() -> None:
    with pytest.raises(OptionError):
        nearest_distances(TABLE, TABLE[:, :2])
    with pytest.raises(OptionError):
        mean_distance(TABLE[0])
