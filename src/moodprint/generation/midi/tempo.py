"""The tempo of a score, as its notes tell it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.audio.tempo import autocorrelation, tempo_preference
from moodprint.errors import InputError
from moodprint.generation.midi.score import Score

_SLOWEST_BPM, _FASTEST_BPM, _USUAL_BPM = 50.0, 210.0, 120.0
_OCTAVES = 0.8
"""How far tempi spread around the usual one (after Ellis, Beat Tracking by Dynamic Programming,
2007)."""
_STEP_S = 0.01
_WIDTH_S = 0.02
_FEWEST_STARTS = 4
_SIXTEENTHS = 4
_REFINED_BY = 0.02

DoubleArray = npt.NDArray[np.float64]


def estimated_tempo_bpm(score: Score) -> float:
    """Beats a minute, from 50 to 210, of a score that keeps one tempo.

    The lag at which the starts of notes repeat best, usual tempi preferred; then, within 2 %,
    the tempo on whose sixteenths they lie best. It may be half or twice the one that was meant.

    Raises:
        InputError: fewer than 4 notes that start at different times.
    """
    starts_s = np.array([note.start_s for note in score.notes])
    weights = np.array([note.velocity for note in score.notes], np.float64)
    if len(np.unique(np.round(starts_s / _STEP_S))) < _FEWEST_STARTS:
        raise InputError(f"a tempo takes {_FEWEST_STARTS} notes that start at different times")
    likeness = _likeness(starts_s - starts_s.min(), weights)
    tempi = np.geomspace(_SLOWEST_BPM, _FASTEST_BPM, 600)
    lags = 60 / tempi / _STEP_S
    places = np.arange(len(likeness))
    fit = sum(
        share * np.interp(lags * times, places, likeness, right=0.0)
        for times, share in ((1, 1.0), (2, 0.5), (4, 0.25))
    )
    usual = np.exp(tempo_preference(tempi, _USUAL_BPM, _OCTAVES))
    return _refined(float(tempi[int((fit * usual).argmax())]), starts_s, weights)


def _likeness(starts_s: DoubleArray, weights: DoubleArray) -> DoubleArray:
    """How alike the starts are to themselves, by lag in steps of 10 ms."""
    train = np.zeros(int(starts_s.max() / _STEP_S) + 2)
    np.add.at(train, np.round(starts_s / _STEP_S).astype(int), weights)
    reach = int(3 * _WIDTH_S / _STEP_S)
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) * _STEP_S / _WIDTH_S) ** 2)
    smooth = np.convolve(train, window)
    return autocorrelation(smooth - smooth.mean(), len(smooth))


def _refined(tempo_bpm: float, starts_s: DoubleArray, weights: DoubleArray) -> float:
    nearby = tempo_bpm * np.linspace(1 - _REFINED_BY, 1 + _REFINED_BY, 201)
    turns = np.outer(nearby / 60 * _SIXTEENTHS, starts_s)
    together = np.abs(np.exp(2j * np.pi * turns) @ weights)
    return float(nearby[int(together.argmax())])
