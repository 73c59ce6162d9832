"""Scores of classes as probabilities, and the temperature under which these mean what they say."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate

_LEAST_PROBABILITY = 1e-12
"""What the loss takes a smaller one for: a single sure mistake may not decide the temperature."""
_LOG_RANGE = 5.0
"""Temperatures are looked for between e^-5 and e^5, 0.007 and 148."""

_Floating = TypeVar("_Floating", bound=np.floating)


def softmax(scores: npt.NDArray[_Floating], temperature: float = 1.0) -> npt.NDArray[_Floating]:
    """Scores [..., K] as probabilities [..., K]: exp(score / temperature), of sum 1.

    Of any size of scores; float32 stays float32. A score of minus infinity gets probability 0, as
    long as its row has another.

    Raises:
        OptionError: a temperature that is not above 0.
    """
    powers = np.exp(_from_the_highest(scores, temperature))
    return powers / powers.sum(axis=-1, keepdims=True)


def log_softmax(scores: npt.NDArray[_Floating], temperature: float = 1.0) -> npt.NDArray[_Floating]:
    """The logarithm of ``softmax``, also where that is too small for a float."""
    away = _from_the_highest(scores, temperature)
    return away - np.log(np.exp(away).sum(axis=-1, keepdims=True))


def fit_temperature(truth: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """The temperature under which held-out scores [N, K] make their truth [N] likeliest (Guo et
    al., "On calibration of modern neural networks", ICML 2017).

    By golden-section search over its logarithm, in which the loss has one minimum.

    Raises:
        OptionError: no rows, classes out of 0..K-1, or scores that are not finite.
    """
    table = np.asarray(scores, np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise OptionError(
            f"a temperature is fitted on finite scores [N, K], not {list(table.shape)}"
        )
    known = validate.labels(truth, "truth", table.shape[1])
    validate.same_length(truth=known, scores=table)
    rows = np.arange(len(known))

    def loss(log_temperature: float) -> float:
        own = log_softmax(table, float(np.exp(log_temperature)))[rows, known]
        return -float(np.maximum(own, np.log(_LEAST_PROBABILITY)).mean())

    low, high, ratio = -_LOG_RANGE, _LOG_RANGE, (np.sqrt(5) - 1) / 2
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return float(np.exp((low + high) / 2))


def _from_the_highest(scores: npt.NDArray[_Floating], temperature: float) -> npt.NDArray[_Floating]:
    """Scores in temperatures, 0 for the highest of each row: their powers cannot overflow."""
    if not temperature > 0:
        raise OptionError(f"a temperature is above 0, not {temperature}")
    scaled = np.asarray(scores) / float(temperature)
    return scaled - scaled.max(axis=-1, keepdims=True)
