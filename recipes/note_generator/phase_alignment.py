"""Notes whose partials all start alike, so that a network can foretell their phases.

The phase at which a partial begins is chance, and hardly heard. Turned so that all partials are at
their crest at one moment, notes differ by what is heard alone: magnitudes and frequencies.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from moodprint.generation.note_generator.stft import ComplexArray

REFERENCE_FRAME = 7
"""Its window, from 32 to 160 ms of the note, is the second that lies wholly in the note."""


def aligned(spectra: ComplexArray) -> ComplexArray:
    """Spectra [B, T, F] of ``stft``, each partial turned by one angle for the whole note.

    A partial is what lies around a peak of the reference frame, as far as the lowest points
    between peaks, as in identity phase locking (Laroche and Dolson 1999). Magnitudes and the
    steps of phase within the note stay as they are; with the crest at the middle of the reference
    window, the phases of its bins are 0 and pi in turn, whatever the pitch.
    """
    reference = spectra[:, REFERENCE_FRAME]
    crest = np.where(np.arange(1, reference.shape[1] + 1) % 2, -1.0, 1.0)
    turns = np.stack([_turns(values) for values in reference * crest])
    return spectra * np.exp(-1j * turns)[:, None, :]


def _turns(reference: ComplexArray) -> npt.NDArray[np.float64]:
    """The angle [F] of the peak that each bin [F] belongs to; 0 where there is no peak."""
    magnitude = np.abs(reference)
    middle = magnitude[1:-1]
    peaks = np.flatnonzero((middle > magnitude[:-2]) & (middle >= magnitude[2:])) + 1
    if not len(peaks):
        return np.zeros(len(reference))
    between = [int(a + magnitude[a:b].argmin()) for a, b in pairwise(peaks)]
    widths = np.diff([0, *between, len(reference)])
    return np.repeat(np.angle(reference[peaks]), widths)
