"""Whether probabilities mean what they say: truth [N] against probabilities [N, K]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.bundle import ReliabilityBand
from moodprint.errors import OptionError
from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array, IntArray

_FEWEST_ANSWERS = 20
"""Of fewer answers, half being right is as likely by chance as not."""


def brier(truth: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """The mean squared distance to the one-hot truth, summed over classes (Brier 1950).

    In [0, 2]; 0 is perfect, a flat guess over K classes gives 1 - 1/K.
    """
    known, table = validate.probability_pair(truth, probabilities)
    own = table[np.arange(len(known)), known]
    return float(np.mean((table**2).sum(axis=1) - 2 * own + 1))


@dataclass(frozen=True)
class ReliabilityBins:
    """Predictions grouped by confidence: a point of a reliability diagram each.

    ``confidence`` [B] and ``accuracy`` [B] are means, ``share`` [B] sums to 1; empty bins are
    left out.
    """

    confidence: Float64Array
    accuracy: Float64Array
    share: Float64Array

    @property
    def error(self) -> float:
        """The expected calibration error of these bins, in [0, 1]."""
        return float(self.share @ np.abs(self.accuracy - self.confidence))


def reliability(
    truth: npt.ArrayLike, probabilities: npt.ArrayLike, *, bins: int = 15, adaptive: bool = False
) -> ReliabilityBins:
    """Predictions binned by the probability of the class they name.

    ``bins`` of equal width over [0, 1], or, with ``adaptive``, of equal count.
    """
    if bins < 1:
        raise OptionError(f"calibration takes at least 1 bin, not {bins}")
    confidence, right = _confidence(*validate.probability_pair(truth, probabilities))
    place = _equal_count(confidence, bins) if adaptive else _equal_width(confidence, bins)
    counts = np.bincount(place, minlength=bins)
    used = counts > 0
    said, kept = (np.bincount(place, each, bins)[used] for each in (confidence, right))
    return ReliabilityBins(
        confidence=said / counts[used],
        accuracy=kept / counts[used],
        share=counts[used] / len(place),
    )


def expected_calibration_error(
    truth: npt.ArrayLike, probabilities: npt.ArrayLike, *, bins: int = 15, adaptive: bool = False
) -> float:
    """The mean gap between confidence and accuracy, in [0, 1] (Guo et al. 2017).

    ``adaptive`` bins hold equally many predictions each (Nixon et al. 2019).
    """
    return reliability(truth, probabilities, bins=bins, adaptive=adaptive).error


def right_by_confidence(
    confidence: npt.ArrayLike, right: npt.ArrayLike, edges: Sequence[float], *, fewest: int = 15
) -> tuple[ReliabilityBand, ...]:
    """How often answers were right, by how sure they were: for a card's ``calibration``.

    ``confidence`` [N] in [0, 1], ``right`` [N] true or false. A band begins at 0 and at each of
    the rising ``edges``. One of fewer than ``fewest`` answers is joined to the one below it, and
    neighbours of which the surer is not righter are joined (pool adjacent violators, Ayer et al.
    1955), so that the shares rise.
    """
    sure, was_right = np.asarray(confidence, np.float64), np.asarray(right, bool)
    starts = np.array([0.0, *edges])
    place = np.searchsorted(starts, sure, side="right") - 1
    bands: list[ReliabilityBand] = []
    for index, start in enumerate(starts.tolist()):
        here = was_right[place == index]
        band = ReliabilityBand(start, float(here.mean()) if len(here) else 0.0, len(here))
        while bands and (band.answers < fewest or band.right <= bands[-1].right):
            band = _joined(bands.pop(), band)
        bands.append(band)
    return tuple(bands)


def _joined(low: ReliabilityBand, high: ReliabilityBand) -> ReliabilityBand:
    count = low.answers + high.answers
    right = (low.answers * low.right + high.answers * high.right) / count if count else 0.0
    return ReliabilityBand(low.at_least, right, count)


@dataclass(frozen=True)
class RiskCoverage:
    """The error rate among the most confident predictions, as ever more of them are kept.

    ``coverage`` [N] runs from 1/N to 1; ``risk`` [N] is the error rate at each.
    """

    coverage: Float64Array
    risk: Float64Array

    @property
    def area(self) -> float:
        """The area under the curve (Geifman and El-Yaniv 2017): lower is better."""
        return float(self.risk.mean())

    def risk_at(self, coverage: float) -> float:
        """The error rate when this share of the predictions is kept, the surest first."""
        if not 0 < coverage <= 1:
            raise OptionError(f"a coverage lies in (0, 1], not {coverage}")
        kept = max(1, round(coverage * len(self.risk)))
        return float(self.risk[kept - 1])


def risk_coverage(truth: npt.ArrayLike, probabilities: npt.ArrayLike) -> RiskCoverage:
    """What abstaining from the least sure answers buys; ties in confidence share their errors."""
    confidence, right = _confidence(*validate.probability_pair(truth, probabilities))
    _, tie, counts = np.unique(-confidence, return_inverse=True, return_counts=True)
    wrong = np.bincount(tie, 1 - right) / counts
    kept = np.arange(1, len(right) + 1)
    return RiskCoverage(kept / len(right), np.cumsum(np.repeat(wrong, counts)) / kept)


def credible_from(truth: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """The confidence below which fewer than half of the answers are right: where to abstain.

    It is the highest such one, and 0 where there is none. Fewer than 20 answers say nothing.
    """
    confidence, right = _confidence(*validate.probability_pair(truth, probabilities))
    order = np.argsort(confidence, kind="stable")
    share_right = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    poor = np.flatnonzero(share_right[_FEWEST_ANSWERS - 1 :] < 0.5)
    return float(confidence[order][poor[-1] + _FEWEST_ANSWERS - 1]) if len(poor) else 0.0


def _confidence(truth: IntArray, table: Float64Array) -> tuple[Float64Array, Float64Array]:
    """The probability of each named class [N], and 1 where it is the true one [N]."""
    named = table.argmax(axis=1)
    return table[np.arange(len(named)), named], (named == truth).astype(np.float64)


def _equal_width(confidence: Float64Array, bins: int) -> IntArray:
    return np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)


def _equal_count(confidence: Float64Array, bins: int) -> IntArray:
    rank = np.empty(len(confidence), np.int64)
    rank[np.argsort(confidence, kind="stable")] = np.arange(len(confidence))
    place: IntArray = rank * bins // len(confidence)
    return place
