"""What every metric asks of its arrays before it counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError

IntArray = npt.NDArray[np.int64]
Float64Array = npt.NDArray[np.float64]

_SUM_TOLERANCE = 1e-3


def labels(values: npt.ArrayLike, name: str, classes: int | None = None) -> IntArray:
    """Class numbers [N] as int64; ``classes`` is K, where it is known.

    Raises:
        OptionError: empty, not one-dimensional, not integers, or outside 0..K-1.
    """
    array = np.asarray(values)
    _vector(array, name)
    if array.dtype.kind not in "iu":
        raise OptionError(f"{name} takes whole class numbers, not {array.dtype}")
    if array.min() < 0 or (classes is not None and array.max() >= classes):
        highest = "K" if classes is None else str(classes - 1)
        raise OptionError(
            f"{name} takes classes 0 to {highest}, it holds {array.min()} to {array.max()}"
        )
    return array.astype(np.int64, copy=False)


def label_pair(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, classes: int | None
) -> tuple[IntArray, IntArray, int]:
    """Truth [N], predicted [N] and K: the highest class of both plus one, unless it is given."""
    if classes is not None and classes < 1:
        raise OptionError(f"there must be at least 1 class, not {classes}")
    known = labels(truth, "truth", classes)
    guessed = labels(predicted, "predicted", classes)
    same_length(truth=known, predicted=guessed)
    return known, guessed, classes or int(max(known.max(), guessed.max())) + 1


def probabilities(values: npt.ArrayLike) -> Float64Array:
    """Probabilities [N, K], whose rows are not negative and sum to 1."""
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise OptionError(f"probabilities take shape [N, K], not {list(table.shape)}")
    if not (np.isfinite(table).all() and (table >= 0).all()):
        raise OptionError("probabilities must be finite and not negative")
    off = np.abs(table.sum(axis=1) - 1)
    if off.max() > _SUM_TOLERANCE:
        raise OptionError(f"each row of probabilities sums to 1; row {off.argmax()} does not")
    return table


def probability_pair(truth: npt.ArrayLike, answers: npt.ArrayLike) -> tuple[IntArray, Float64Array]:
    """Truth [N] and probabilities [N, K] of as many rows."""
    table = probabilities(answers)
    known = labels(truth, "truth", table.shape[1])
    same_length(truth=known, probabilities=table)
    return known, table


def features(values: npt.ArrayLike) -> Float64Array:
    """A table of features [N, D] of 2 rows or more, all finite."""
    table = np.asarray(values, np.float64)
    if table.ndim != 2 or len(table) < 2 or not table.shape[1]:
        raise OptionError(
            f"features take shape [N, D] with N of 2 or more, not {list(table.shape)}"
        )
    if not np.isfinite(table).all():
        raise OptionError("features must be finite, they hold NaN or infinity")
    return table


def number_pair(
    truth: npt.ArrayLike, predicted: npt.ArrayLike
) -> tuple[Float64Array, Float64Array]:
    """Two vectors [N] of finite numbers, N at least 2."""
    known, guessed = np.asarray(truth, np.float64), np.asarray(predicted, np.float64)
    for name, array in (("truth", known), ("predicted", guessed)):
        _vector(array, name)
        if not np.isfinite(array).all():
            raise OptionError(f"{name} takes finite numbers, it holds NaN or infinity")
    same_length(truth=known, predicted=guessed)
    if len(known) < 2:
        raise OptionError("agreement takes at least 2 pairs, not 1")
    return known, guessed


def same_length(**arrays: npt.NDArray[np.generic]) -> None:
    """Refuse arrays whose first axes differ."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        given = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise OptionError(f"arrays of one length were expected, these differ: {given}")


def _vector(array: npt.NDArray[np.generic], name: str) -> None:
    if array.ndim != 1 or array.size == 0:
        raise OptionError(
            f"{name} takes a vector [N] with at least 1 value, not shape {list(array.shape)}"
        )
