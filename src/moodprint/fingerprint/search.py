"""Candidates: places of tracks at which many triples of a query agree.

Each hypothesis is a speed and a shift of pitch. Its triples are looked up, each hit votes for the
place on the track at which the query would begin, and places with the most votes are candidates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.fingerprint.peaks import Peaks
from moodprint.fingerprint.segment import IndexSegment, all_within
from moodprint.fingerprint.triples import PITCH_BITS, IntArray, Triples, triples_of

FAN_OUT = 4
"""Of the next peaks in an anchor's zone a query takes four, six triples an anchor: a triple of the
index is then found though two other peaks have come between its own."""

_VOTE_FRAMES = 16
"""Half a second: at half a step between two speeds, the places that a window of 15 s votes for lie
0.15 s apart. The votes of a bin and the next one count together."""
_FEWEST_VOTES = 3
"""Two agree by chance all the time."""
_CANDIDATES = 48
"""A close look takes 2 ms: so many bound the time of a query, whatever the index holds."""
_SAME_PLACE_FRAMES = 40
_LOOKS_A_PLACE = 2
"""Several hypotheses vote for one place; of those within 1.3 s only the two best are looked at."""
_STRETCH = 1.12
"""A query that plays at 0.9 of the speed has triples 1.11 times as long as the track's."""
_SPEED_STEPS = 50
"""Steps of 2 %: half a step moves the longest distance of a triple by 0.3 frames."""
_SHIFT_STEPS = 24
"""Steps of half a semitone, as intervals are held."""


@dataclass(frozen=True)
class Hypothesis:
    """How a query may differ from its track: tempo over tempo, and octaves of pitch above it."""

    speed: float
    shift_octaves: float


def _hypotheses() -> tuple[Hypothesis, ...]:
    """As recorded, resampled and time-stretched by up to 10 %, pitched by up to 2 semitones."""
    speeds = [step / _SPEED_STEPS for step in range(45, 56) if step != _SPEED_STEPS]
    shifts = [step / _SHIFT_STEPS for step in range(-4, 5)]
    return (
        *(Hypothesis(1.0, shift) for shift in shifts),
        *(Hypothesis(speed, math.log2(speed)) for speed in speeds),
        *(Hypothesis(speed, 0.0) for speed in speeds),
    )


HYPOTHESES = _hypotheses()


@dataclass(frozen=True)
class Candidate:
    """A place worth a closer look: the query's frame 0 at ``start_frame`` of a track."""

    segment: int
    track: int
    start_frame: float
    hypothesis: Hypothesis
    votes: int


@dataclass(frozen=True)
class _Probe:
    """The ranges of keys [L] of all hypotheses, with the anchor's frame on the track's clock."""

    low: IntArray
    high: IntArray
    frame: IntArray
    hypothesis: IntArray


def candidates(peaks: Peaks, segments: tuple[IndexSegment, ...]) -> list[Candidate]:
    """The best-voted places, most votes first; at most 48."""
    probe = _probe(triples_of(peaks, FAN_OUT, _STRETCH))
    found = [
        candidate
        for number, segment in enumerate(segments)
        for candidate in _vote(probe, segment, number)
    ]
    found.sort(key=lambda candidate: -candidate.votes)
    return _thinned(found)[:_CANDIDATES]


def _probe(triples: Triples) -> _Probe:
    shapes = {speed: triples.shapes(speed) for speed in {h.speed for h in HYPOTHESES}}
    parts = [
        _probe_of(triples, *shapes[hypothesis.speed], hypothesis, number)
        for number, hypothesis in enumerate(HYPOTHESES)
    ]
    return _Probe(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _probe_of(
    triples: Triples,
    shapes: IntArray,
    fits: npt.NDArray[np.bool_],
    hypothesis: Hypothesis,
    number: int,
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    pitch = triples.pitches(hypothesis.shift_octaves)[fits]
    shape = shapes[fits] << PITCH_BITS
    frame = np.rint(triples.anchor_frame[fits] * hypothesis.speed).astype(np.int64)
    return shape | pitch - 1, shape | pitch + 1, frame, np.full(len(pitch), number)


def _vote(probe: _Probe, segment: IndexSegment, number: int) -> list[Candidate]:
    first, stop = segment.lookup(probe.low, probe.high)
    asked, posting = all_within(first, stop)
    anchor = segment.frames[posting].astype(np.int64)
    start = (anchor - probe.frame[asked]) // _VOTE_FRAMES
    # One number a vote: the hypothesis, and the place, which lies within +-2**32 bins.
    ballots = probe.hypothesis[asked] << 40 | start + 2**32
    best = _most_voted(ballots)
    return [_candidate(segment, number, anchor[at], probe, asked[at], votes) for at, votes in best]


def _most_voted(ballots: IntArray) -> list[tuple[int, int]]:
    """The position of one ballot of each much-voted bin, with the votes of it and the next bin."""
    order = np.argsort(ballots)
    ranked = ballots[order]
    first = np.flatnonzero(np.diff(ranked, prepend=-1))
    bins, votes = ranked[first], np.diff(first, append=len(ranked))
    together = votes.copy()
    together[:-1] += np.where(np.diff(bins) == 1, votes[1:], 0)
    voted = np.flatnonzero(together >= _FEWEST_VOTES)
    best = voted[np.argsort(-together[voted], kind="stable")[: 2 * _CANDIDATES]]
    return [(int(order[first[at]]), int(together[at])) for at in best]


def _candidate(
    segment: IndexSegment, number: int, anchor: int, probe: _Probe, asked: int, votes: int
) -> Candidate:
    track = int(segment.track_of(np.array([anchor]))[0])
    start = anchor - probe.frame[asked] - segment.first_frames[track]
    return Candidate(number, track, float(start), HYPOTHESES[probe.hypothesis[asked]], votes)


def _thinned(found: list[Candidate]) -> list[Candidate]:
    """Without those that name a place on a track a third time."""
    seen: dict[tuple[int, int, int], int] = {}
    kept = []
    for candidate in found:
        place = (
            candidate.segment,
            candidate.track,
            round(candidate.start_frame / _SAME_PLACE_FRAMES),
        )
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= _LOOKS_A_PLACE:
            kept.append(candidate)
    return kept
