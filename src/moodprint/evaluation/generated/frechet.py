"""How far two sets of features lie apart, as two normal distributions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array


def frechet_distance(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of the means and covariances of features [N, D].

    0 for equal sets. Few rows make it too large: compare sets of one size alone. Source: Heusel et
    al., GANs Trained by a Two Time-Scale Update Rule (NeurIPS 2017).

    Raises:
        OptionError: not two tables of the same width with 2 rows or more, or values not finite.
    """
    a, b = (validate.features(table) for table in (one, other))
    if a.shape[1] != b.shape[1]:
        raise OptionError(f"features of {a.shape[1]} and {b.shape[1]} values cannot be compared")
    difference = a.mean(0) - b.mean(0)
    covariance_a, covariance_b = (np.atleast_2d(np.cov(t, rowvar=False)) for t in (a, b))
    # tr (A B)^(1/2) = tr (A^(1/2) B A^(1/2))^(1/2), which is symmetric.
    root = _root(covariance_a)
    shared = np.linalg.eigvalsh(root @ covariance_b @ root)
    trace = np.trace(covariance_a) + np.trace(covariance_b)
    trace -= 2 * np.sqrt(np.maximum(shared, 0)).sum()
    return max(0.0, float(difference @ difference + trace))


def _root(matrix: Float64Array) -> Float64Array:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
