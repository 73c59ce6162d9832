"""How far two sets of features lie apart, without a thought on their distribution."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array


def kernel_distance(real: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """The unbiased squared maximum mean discrepancy of features [N, D] and [M, D], times 100, under
    a Gaussian kernel as wide as the median distance within ``real``.

    About 0 for sets of one kind, a little below it by chance, and at any size of the sets, which
    the Frechet distance is not. Source: Chung et al., KAD: No More FAD! (ICML 2025), after Gretton
    et al., A Kernel Two-Sample Test (JMLR 2012).

    Raises:
        OptionError: not two tables of the same width with 2 rows or more, values that are not
            finite, or real rows that are all alike.
    """
    a, b = (validate.features(table) for table in (real, other))
    if a.shape[1] != b.shape[1]:
        raise OptionError(f"features of {a.shape[1]} and {b.shape[1]} values cannot be compared")
    within = _squares(a, a)
    width = float(np.median(within[np.triu_indices(len(a), 1)]))
    if width == 0:
        raise OptionError("rows that are all alike have no width of a kernel")
    between = np.exp(-_squares(a, b) / (2 * width)).mean()
    own = _mean_of_pairs(np.exp(-within / (2 * width)))
    others = _mean_of_pairs(np.exp(-_squares(b, b) / (2 * width)))
    return float(100 * (own + others - 2 * between))


def _mean_of_pairs(kernel: Float64Array) -> float:
    """Of a square table without its diagonal."""
    count = len(kernel)
    return float((kernel.sum() - np.trace(kernel)) / (count * (count - 1)))


def _squares(one: Float64Array, other: Float64Array) -> Float64Array:
    """All squared distances [N, M]."""
    from scipy.spatial.distance import cdist

    return np.asarray(cdist(one, other, "sqeuclidean"))
