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
from moodprint.fingerprint.search import Candidate
from moodprint.fingerprint.segment import IndexSegment, all_within

FloatRow = npt.NDArray[np.float64]

_LATE_FRAMES = 16
"""How far a candidate may be off its place: the votes are counted in bins of 16 frames."""
_BACKGROUND_FRAMES = (6, 32)
"""Lags at which hits are chance. Nearer, peaks of one sound keep others away."""
_FAR_FRAMES = _LATE_FRAMES + _BACKGROUND_FRAMES[1]
"""Pairs farther apart count neither as hits nor as background."""
_SEARCH_OCTAVES = 1 / 30
"""Half the step between two shifts of the search (1/48 octave), and some for a peak's scatter."""
_NEAR_FRAMES = 1.1
_NEAR_OCTAVES = 1 / 60
"""A hit lies within 35 ms and 20 cents, which is one bin of the spectrum at 670 Hz."""
_SLOPES = np.linspace(-0.015, 0.015, 13)
"""Half the step between two speeds of the search (0.01), half as much again to be safe, in steps
that move a peak at the end of 15 s by 1.2 frames."""
_LAG_WEIGHTS = (0.6, 1.0, 0.6)
"""A residual counts for its own lag and less for the neighbours: peaks scatter by about a frame."""
_LINE_FRAMES = 2.0
_REFINE_FRAMES = 1.5
_REFINE_OCTAVES = 1.5 * _NEAR_OCTAVES
"""How near to the first, coarse line and to the refined one a pair must lie to have a say."""
_PITCH_STEP_OCTAVES = 1 / 200
"""The shift of pitch is first found to 6 cents, in bins of 18."""
_FEWEST_PAIRS = 4
_FEWEST_TO_REFINE, _SHORTEST_TO_REFINE = 8, 60
"""Fewer pairs, or pairs within less than 60 frames (2 s), fix no slope: the coarse one stays."""
_HIT_RATE = 0.3
"""Share of a query's peaks that the same recording is expected to have, at the least."""
_HIT_OVER_CHANCE = 1.5
"""Where chance alone hits often, the same recording is expected to hit so much oftener."""
_LEAST_CHANCE = 0.03
_MOST_CHANCE = 0.25
"""Bounds for the measured chance (0.04 to 0.13 on real songs): a handful of peaks may show none at
all, and a single hit must not be worth more than log10(0.3 / 0.03), one decade."""
_BACKGROUND_QUANTILE = 0.9
"""Two songs on one beat agree at some lags far more than at others: the lag of a false candidate
was chosen among those, so it is held against the better lags and not against their mean."""


@dataclass(frozen=True)
class PeakAlignment:
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


def align(peaks: Peaks, candidate: Candidate, segment: IndexSegment) -> PeakAlignment | None:
    """The best alignment near a candidate; None where no peaks coincide."""
    pairs = _pairs(peaks, candidate, segment)
    if len(pairs.query) < _FEWEST_PAIRS:
        return None
    slope, late = _line(pairs)
    near = np.abs(pairs.late - slope * pairs.frame - late) <= _LINE_FRAMES
    high = _mode(pairs.high[near], _PITCH_STEP_OCTAVES)
    slope, late, high = _refined(pairs, slope, late, high)
    residual = pairs.late - slope * pairs.frame - late
    in_tune = np.abs(pairs.high - high) <= _NEAR_OCTAVES
    hits = np.zeros(len(peaks), bool)
    hits[pairs.query[in_tune & (np.abs(residual) <= _NEAR_FRAMES)]] = True
    first, last, score = _evidence(hits, _chance(residual[in_tune], len(peaks)))
    return PeakAlignment(
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
    return np.convolve(counts, _LAG_WEIGHTS, "same")


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
        near = np.abs(pairs.late - slope * pairs.frame - late) <= _REFINE_FRAMES
        near &= np.abs(pairs.high - high) <= _REFINE_OCTAVES
        frame, away = pairs.frame[near], pairs.late[near]
        if len(frame) < _FEWEST_TO_REFINE or np.ptp(frame) < _SHORTEST_TO_REFINE:
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
    expected = max(_HIT_RATE, _HIT_OVER_CHANCE * chance)
    weight = np.where(hits, np.log10(expected / chance), np.log10((1 - expected) / (1 - chance)))
    total = np.concatenate([[0.0], np.cumsum(weight)])
    gain = total - np.minimum.accumulate(total)
    stop = int(gain.argmax())
    start = int(total[: stop + 1].argmin())
    return start, max(stop - 1, start), float(gain[stop])
