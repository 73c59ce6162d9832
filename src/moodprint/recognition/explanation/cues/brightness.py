"""Brightness: where the middle of the spectrum lies."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.contours import SpectralFrames
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.spectra import frequencies_hz

_NOTHING = 1e-6
"""Less magnitude in all than this is the rounding of silence."""


def spectral_weight(magnitudes: FloatArray) -> FloatArray:
    """Of spectra [T, 2049] the sum of magnitudes, and of frequency times magnitude [T, 2]."""
    hz = frequencies_hz()
    return magnitudes @ np.stack([np.ones_like(hz), hz], axis=1)


def brightness_hz(weights: FloatArray) -> float | None:
    """The centroid of a stretch in Hz, up to 8,000; loud moments count more; None for silence.

    ``weights`` [T, 2] is its ``spectral_weight``. Over one frame this is librosa's
    ``spectral_centroid``; listeners hear it as brightness (Grey and Gordon 1978).
    """
    total, moment = weights.sum(axis=0, dtype=np.float64)
    return float(moment / total) if total > _NOTHING else None


def _contour(frames: SpectralFrames) -> FloatArray:
    return spectral_weight(frames.magnitudes)


BRIGHTNESS = CueKind(
    name="brightness",
    unit="Hz",
    low="dark",
    high="bright",
    say="{:.0f} Hz".format,
    measure=lambda stretch: brightness_hz(stretch.sums(_contour)),
    contour=_contour,
    ratio=True,
)
