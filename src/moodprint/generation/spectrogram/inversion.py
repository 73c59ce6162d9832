"""Sound back from mel magnitudes: spectra that sum up to them, phases that fit together."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.spectrogram.parameters import PictureParameters
from moodprint.generation.spectrogram.phases import gradient_phases, griffin_lim
from moodprint.generation.spectrogram.transform import Transform

ITERATIONS = 8


def samples_of_mel(
    mel: FloatArray, parameters: PictureParameters, iterations: int = ITERATIONS
) -> FloatArray:
    """Samples [T * hop] whose mel magnitudes are near mel [T, bands].

    Phases begin with the gradients of the magnitudes, and are made fit by so many iterations of
    fast Griffin-Lim. The same magnitudes give the same samples.
    """
    transform = Transform.of_pictures(parameters)
    closed = np.concatenate([mel, mel[-1:]])
    magnitude = transform.filled(closed)
    return griffin_lim(magnitude, gradient_phases(magnitude, transform), transform, iterations)
