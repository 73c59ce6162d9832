"""A close look at a candidate: do the query's peaks fall on the track's?

The query's peaks are laid onto the track's. Speed, place and pitch are refined until most of them
coincide; then each query peak is evidence for or against: a hit is likelier in the same recording,
a miss likelier by chance. The stretch with the most evidence in sum is the match, and that sum, in
decades, its score (a log-likelihood ratio, as in sequential tests; the stretch is a maximum
subarray). How often chance hits is measured on the same peaks at wrong times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.fingerprint.peaks import Peaks
from moodprint.fingerprint.ranges import all_within
from moodprint.fingerprint.search import Candidate
from moodprint.fingerprint.segment import IndexSegment

FloatRow = npt.NDArray[np.float64]

_LATE_FRAMES = 16
"""How far a candidate may be off its place: the votes are counted in bins of 16 frames."""
_FAR_FRAMES = 48
_SEARCH_OCTAVES = 1 / 30
_NEAR_FRAMES = 1.1
_NEAR_OCTAVES = 1 / 60
_SLOPES = np.linspace(-0.015, 0.015, 13)
_HIT_RATE = 0.3
"""Share of a query's peaks that the same recording is expected to have, at the least."""
_LEAST_CHANCE = 0.03
_MOST_CHANCE = 0.25
_BACKGROUND_FRAMES = (6, 32)
"""Lags at which hits are chance. Nearer, peaks of one sound keep others away."""
_BACKGROUND_QUANTILE = 0.9
"""Two songs on one beat agree at some lags far more than at others: the lag of a false candidate
was chosen among those, so it is held against the better lags and not against their mean."""


@dataclass(frozen=True)
class Alignment:
    """Track time and pitch of a query peak: ``frame * speed + start_frame``, ``octave - shift``.

    The evidence lies between ``first_frame`` and ``last_frame`` of the query; ``score`` in decades.
    """

    speed: float
    start_frame: float
    shift_octaves: float
    first_frame: float
    last_frame: float
    score: float


@dataclass(frozen=True)
class _Pairs:
    """Pairs of a query peak and a track peak near it.

    ``query`` int64 [M] is the query peak, ``frame`` its time; ``late`` and ``high`` how much later
    and higher the track's peak lies than expected, in frames and octaves.
    """

    query: npt.NDArray[np.int64]
    frame: FloatRow
    late: FloatRow
    high: FloatRow


def aligned(peaks: Peaks, candidate: Candidate, segment: IndexSegment) -> Alignment | None:
    """The best alignment near a candidate; None where no peaks coincide."""
    pairs = _pairs(peaks, candidate, segment)
    if len(pairs.query) < 4:
        return None
    slope, late = _line(pairs)
    near = np.abs(pairs.late - slope * pairs.frame - late) <= 2
    high = _mode(pairs.high[near], 1 / 200)
    slope, late, high = _refined(pairs, slope, late, high)
    residual = pairs.late - slope * pairs.frame - late
    in_tune = np.abs(pairs.high - high) <= _NEAR_OCTAVES
    hits = np.zeros(len(peaks), bool)
    hits[pairs.query[in_tune & (np.abs(residual) <= _NEAR_FRAMES)]] = True
    first, last, score = _evidence(hits, _chance(residual[in_tune], len(peaks)))
    return Alignment(
        speed=candidate.hypothesis.speed + slope,
        start_frame=candidate.start_frame + late,
        shift_octaves=candidate.hypothesis.shift_octaves - high,
        first_frame=float(peaks.frame[first]),
        last_frame=float(peaks.frame[last]),
        score=score,
    )


def _pairs(peaks: Peaks, candidate: Candidate, segment: IndexSegment) -> _Pairs:
    expected = peaks.frame * candidate.hypothesis.speed + candidate.start_frame
    octave = peaks.octave - candidate.hypothesis.shift_octaves
    track = segment.peaks_of(candidate.track, expected[0] - _FAR_FRAMES, expected[-1] + _FAR_FRAMES)
    first = np.searchsorted(track.frame, expected - _FAR_FRAMES)
    stop = np.searchsorted(track.frame, expected + _FAR_FRAMES)
    query, known = all_within(first, stop)
    in_tune = np.abs(track.octave[known] - octave[query]) <= _SEARCH_OCTAVES
    query, known = query[in_tune], known[in_tune]
    return _Pairs(
        query,
        peaks.frame[query].astype(np.float64),
        (track.frame[known] - expected[query]).astype(np.float64),
        (track.octave[known] - octave[query]).astype(np.float64),
    )


def _line(pairs: _Pairs) -> tuple[float, float]:
    """Slope and height of the line through most points (frame, late)."""
    best = (0.0, 0.0, 0.0)
    middle = float(pairs.frame.mean())
    for slope in _SLOPES:
        counts = _lag_counts(pairs.late - slope * (pairs.frame - middle), _LATE_FRAMES)
        at = int(counts.argmax())
        if counts[at] > best[0]:
            late = float(at - _LATE_FRAMES)
            best = (float(counts[at]), float(slope), late - slope * middle)
    return best[1], best[2]


def _lag_counts(residual: FloatRow, most: int) -> FloatRow:
    """How many residuals lie about each lag of -most .. most frames: [2 most + 1]."""
    lags = np.rint(residual).astype(np.int64) + most
    counts = np.bincount(lags[(lags >= 0) & (lags <= 2 * most)], minlength=2 * most + 1)
    return np.convolve(counts, [0.6, 1.0, 0.6], "same")


def _mode(values: FloatRow, step: float) -> float:
    """The fullest bin's middle, bins being three steps wide and one apart."""
    if not len(values):
        return 0.0
    bins = np.rint(values / step).astype(np.int64)
    counts = np.convolve(np.bincount(bins - bins.min() + 1, minlength=3), [1, 1, 1], "same")
    return float((counts.argmax() - 1 + bins.min()) * step)


def _refined(pairs: _Pairs, slope: float, late: float, high: float) -> tuple[float, float, float]:
    """The line and the pitch after two rounds of least squares over the pairs near them."""
    for _ in range(2):
        near = np.abs(pairs.late - slope * pairs.frame - late) <= 1.5
        near &= np.abs(pairs.high - high) <= 1.5 * _NEAR_OCTAVES
        frame, away = pairs.frame[near], pairs.late[near]
        if len(frame) < 8 or np.ptp(frame) < 60:
            break
        centred = frame - frame.mean()
        slope = float(centred @ away / (centred @ centred))
        late = float(away.mean() - slope * frame.mean())
        high = float(np.median(pairs.high[near]))
    return slope, late, high


def _chance(residual: FloatRow, peaks: int) -> float:
    """The share of query peaks that hit by accident, from the hits at wrong times."""
    nearest, farthest = _BACKGROUND_FRAMES
    counts = _lag_counts(residual, farthest)
    wrong = np.abs(np.arange(-farthest, farthest + 1)) >= nearest
    background = float(np.quantile(counts[wrong], _BACKGROUND_QUANTILE))
    return min(max(background / peaks, _LEAST_CHANCE), _MOST_CHANCE)


def _evidence(hits: npt.NDArray[np.bool_], chance: float) -> tuple[int, int, float]:
    """First and last peak of the stretch with the most evidence, and the evidence in decades."""
    expected = max(_HIT_RATE, 1.5 * chance)
    weight = np.where(hits, np.log10(expected / chance), np.log10((1 - expected) / (1 - chance)))
    total = np.concatenate([[0.0], np.cumsum(weight)])
    gain = total - np.minimum.accumulate(total)
    stop = int(gain.argmax())
    start = int(total[: stop + 1].argmin())
    return start, max(stop - 1, start), float(gain[stop])
