"""A candidate is fitted to its true speed, place and pitch, and scored by its evidence."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.fingerprint.peaks import Peaks, SpectralPeaks
from moodprint.fingerprint.records import IndexedTrack
from moodprint.fingerprint.search import Candidate, Hypothesis, candidates
from moodprint.fingerprint.segment import IndexSegment, segment_of
from moodprint.fingerprint.verify import _evidence, align


def scattered(seed: int, count: int = 900, frames: float = 900) -> Peaks:
    random = np.random.default_rng(seed)
    frame = np.sort(random.uniform(0, frames, count)).astype(np.float32)
    return Peaks(frame, random.uniform(0, 4.5, count).astype(np.float32))


def segment(peaks: Peaks) -> IndexSegment:
    return segment_of(IndexedTrack("track", "0", 30.0), SpectralPeaks(peaks, 30.0))


def played(peaks: Peaks, start: float, speed: float, shift: float, kept: float = 1.0) -> Peaks:
    """The peaks from frame ``start`` on, for 15 s, as a player at that speed and pitch has them."""
    part = peaks.between(start, start + 470 * speed)
    keep = np.random.default_rng(1).random(len(part)) < kept
    frame = (part.frame[keep] - start) / speed
    return Peaks(frame.astype(np.float32), part.octave[keep] + np.float32(shift))


@pytest.mark.parametrize(
    ("speed", "shift", "guess"),
    [
        (1.0, 0.0, Hypothesis(1.0, 0.0)),
        (1.0, 2 / 12, Hypothesis(1.0, 4 / 24)),
        (1.073, np.log2(1.073), Hypothesis(1.08, np.log2(1.08))),
        (0.911, 0.0, Hypothesis(0.92, 0.0)),
    ],
)
def test_the_fit_is_refined(speed: float, shift: float, guess: Hypothesis) -> None:
    peaks = scattered(0)
    query = played(peaks, 200, speed, shift)
    fit = align(query, Candidate(0, 0, 206.0, guess, 9), segment(peaks))
    assert fit is not None
    assert fit.speed == pytest.approx(speed, abs=0.0005)
    assert fit.start_frame == pytest.approx(200, abs=0.3)
    assert fit.shift_octaves == pytest.approx(shift, abs=0.003)
    assert fit.score > 150


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.8])
def test_the_score_falls_with_the_peaks_that_are_lost(kept: float) -> None:
    peaks, noise = scattered(0), scattered(9)
    part = played(peaks, 100, 1.0, 0.0, kept)
    rest = noise.between(0, 470 * (1 - kept))
    mixed = np.argsort(frame := np.concatenate([part.frame, rest.frame / (1 - kept)]))
    query = Peaks(frame[mixed], np.concatenate([part.octave, rest.octave])[mixed])
    fit = align(query, Candidate(0, 0, 100.0, Hypothesis(1.0, 0.0), 9), segment(peaks))
    assert fit is not None
    # A hit is worth a decade where chance hits 3 %, a miss costs 0.14.
    assert fit.score == pytest.approx(len(query) * (kept - 0.14 * (1 - kept)), rel=0.2)


@pytest.mark.parametrize("seed", range(1, 6))
def test_chance_scores_far_below_the_threshold(seed: int) -> None:
    known, query = segment(scattered(0)), scattered(seed, 470, 470)
    found = candidates(query, (known,))
    fits = [align(query, candidate, known) for candidate in found]
    assert max((fit.score for fit in fits if fit), default=0.0) < 6


def test_the_right_place_gets_the_most_votes() -> None:
    peaks = scattered(0)
    best = candidates(played(peaks, 300, 1.1, 0.0), (segment(scattered(5)), segment(peaks)))[0]
    assert best.segment == 1
    assert best.hypothesis == Hypothesis(1.1, 0.0)
    assert best.start_frame == pytest.approx(300, abs=20)


def test_no_segment_and_no_peaks_give_no_candidate() -> None:
    nothing = Peaks(np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert candidates(scattered(0), ()) == []
    assert candidates(nothing, (segment(scattered(0)),)) == []


def test_a_place_off_the_track_fits_nothing() -> None:
    candidate = Candidate(0, 0, 90_000.0, Hypothesis(1.0, 0.0), 3)
    assert align(scattered(1), candidate, segment(scattered(0))) is None


def test_evidence_is_the_best_stretch() -> None:
    hits = np.array([0] * 20 + [1] * 10 + [0] + [1] * 10 + [0] * 20, bool)
    first, last, score = _evidence(hits, 0.03)
    assert (first, last) == (20, 40)
    assert score == pytest.approx(20 * np.log10(0.3 / 0.03) + np.log10(0.7 / 0.97))
    assert _evidence(np.zeros(9, bool), 0.03)[2] == 0
