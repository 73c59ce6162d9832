"""Sound of log-mel spectrograms: powers that sum up to the bands, phases that fit together.

Long music is done in blocks; each goes on from the last frames of the one before, whose phases are
held, so that blocks join.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from moodprint.audio.spectrogram import LogMel
from moodprint.clip import FloatArray
from moodprint.engine.progress import Progress, no_progress
from moodprint.generation.spectrogram.phases import fitted, gradient_phases
from moodprint.generation.spectrogram.transform import Transform

STAGE = "sounding"

_ITERATIONS = 16
"""Of fast Griffin-Lim from phases by gradients: more change nothing that is measured."""
_BLOCK, _SHARED = 1024, 32


def sound_of(
    mel_db: FloatArray, spectrogram: LogMel, progress: Progress = no_progress
) -> FloatArray:
    """Samples [T * hop] whose spectrogram is near mel_db [T, bands]."""
    transform = Transform.of_log_mel(spectrogram)
    closed = np.concatenate([mel_db, mel_db[-1:]])  # its last frame, for half a window beyond it
    power = np.where(closed <= spectrogram.floor_db, 0, 10 ** (closed / 10)).astype(np.float32)
    blocks = range(0, len(closed), _BLOCK)
    found: list[Any] = []
    held: Any = None
    for number, first in enumerate(blocks, 1):
        magnitude = np.sqrt(transform.filled(power[first : first + _BLOCK]))
        before = None if held is None else held[-1]
        phases = gradient_phases(magnitude, transform, before)
        found.append(fitted(magnitude, phases, transform, _ITERATIONS, held=held))
        held = found[-1][-_SHARED:]
        progress(STAGE, number, len(blocks))
    return transform.samples(np.concatenate(found))
