"""How well classes and numbers were predicted.

Truth and predictions are class numbers [N] in 0..K-1, or real numbers [N]. Where ``classes`` (K) is
not given it is the highest class that occurs plus one. All functions raise OptionError for
arrays that are empty, differ in length or hold what they may not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array, IntArray


def confusion_matrix(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, classes: int | None = None
) -> IntArray:
    """Counts [K, K]: a row a true class, a column a predicted one."""
    known, guessed, k = validate.label_pair(truth, predicted, classes)
    counts: IntArray = np.bincount(known * k + guessed, minlength=k * k).reshape(k, k)
    return counts


def per_class_recall(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, classes: int | None = None
) -> Float64Array:
    """The share of each true class that was found [K]; NaN for a class absent from the truth."""
    counts = confusion_matrix(truth, predicted, classes)
    return _ratio(np.diag(counts), counts.sum(axis=1))


def uar(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Unweighted average recall (balanced accuracy), in [0, 1].

    The mean of the recalls of the classes that occur in the truth; 1/K is chance. Used by the
    INTERSPEECH challenges since Schuller et al. (2009).
    """
    return float(np.nanmean(per_class_recall(truth, predicted)))


def accuracy(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The share of right predictions, in [0, 1]."""
    known, guessed, _ = validate.label_pair(truth, predicted, None)
    return float(np.mean(known == guessed))


def per_class_f1(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, classes: int | None = None
) -> Float64Array:
    """The harmonic mean of precision and recall of each class [K].

    NaN for a class that occurs neither in the truth nor in the predictions.
    """
    counts = confusion_matrix(truth, predicted, classes)
    return _ratio(2 * np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1))


def macro_f1(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The mean F1 of all classes that occur in the truth or in the predictions, in [0, 1]."""
    return float(np.nanmean(per_class_f1(truth, predicted)))


def weighted_f1(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The mean F1 of the classes, each weighted by its share of the truth, in [0, 1]."""
    counts = confusion_matrix(truth, predicted)
    scores = np.nan_to_num(per_class_f1(truth, predicted))
    return float(scores @ counts.sum(axis=1) / counts.sum())


def ccc(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The concordance correlation coefficient of Lin (1989), in [-1, 1].

    One only where predictions equal the truth, not where they are merely in line with it.
    NaN where both are one and the same constant.
    """
    known, guessed = validate.number_pair(truth, predicted)
    shift = known.mean() - guessed.mean()
    spread = known.var() + guessed.var() + shift**2
    if spread == 0:
        return float("nan")
    return float(2 * np.mean((known - known.mean()) * (guessed - guessed.mean())) / spread)


def spearman(truth: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The rank correlation, in [-1, 1]; ties share their mean rank. NaN where one is constant."""
    known, guessed = validate.number_pair(truth, predicted)
    first, second = (_ranks(values) - (len(known) - 1) / 2 for values in (known, guessed))
    spread = np.sqrt((first @ first) * (second @ second))
    return float(first @ second / spread) if spread > 0 else float("nan")


def _ratio(part: IntArray, whole: IntArray) -> Float64Array:
    ratio: Float64Array = np.full(len(whole), np.nan)
    return np.divide(part, whole, out=ratio, where=whole > 0)


def _ranks(values: Float64Array) -> Float64Array:
    """The rank of each value from 0, ties at their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    means: Float64Array = np.cumsum(counts) - (counts + 1) / 2
    return means[place]
