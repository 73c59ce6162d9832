"""Roughness: how much partials close to each other beat in the ear."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.contours import SpectralFrames
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.partials import Partials
from moodprint.recognition.explanation.cues.recording import Stretch

_SLOW, _FAST = 3.5, 5.75
_WIDTH, _PER_HZ, _HZ = 0.24, 0.0207, 18.96
"""Sethares' parameters: how fast beating sets in and dies away, and the distance of the roughest
partials, in Hz, by the lower one's frequency."""

_ROUGHEST = 0.18077
"""The curve of two partials at its top, where they lie a quarter of a critical band apart."""


def roughness(found: Partials) -> FloatArray:
    """How rough each frame is [T], whatever its level: 0 for a single tone, 1 for two equal ones
    at their roughest; more is possible for noise and clusters.

    Plomp and Levelt's curve (1965) for each pair of partials, as Sethares parametrised it (1993;
    the weaker of two counts), summed and divided by the magnitude of all partials.
    """
    order = np.argsort(found.hz, axis=1)
    hz, size = (np.take_along_axis(part, order, axis=1) for part in (found.hz, found.magnitude))
    total = np.zeros(len(hz), np.float32)
    for step in range(1, hz.shape[1]):
        low = hz[:, :-step]
        apart = (hz[:, step:] - low) * (_WIDTH / (_PER_HZ * low + _HZ))
        beat = np.exp(-_SLOW * apart) - np.exp(-_FAST * apart)
        total += (np.minimum(size[:, step:], size[:, :-step]) * beat).sum(axis=1)
    weight = size.sum(axis=1)
    return np.asarray(total * 2 / (_ROUGHEST * np.where(weight > 0, weight, 1)), np.float32)


def _contour(frames: SpectralFrames) -> FloatArray:
    size = frames.partials.magnitude.sum(axis=1)
    return np.stack([roughness(frames.partials) * size, size], axis=1)


def _measure(stretch: Stretch) -> float:
    """The mean of frames, by the magnitude of their partials; 0 where there are none."""
    rough, size = stretch.sums(_contour).sum(axis=0)
    return float(rough / size) if size > 0 else 0.0


ROUGHNESS = CueKind(
    name="roughness",
    unit="",
    low="smooth",
    high="rough",
    measure=_measure,
    contour=_contour,
)
