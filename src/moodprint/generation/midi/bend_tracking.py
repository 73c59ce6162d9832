"""How the pitch of a heard note bends in time, read from the network's finer picture of pitch."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.midi.note_creation import CreatedNote

BINS_PER_SEMITONE = 3

_MIDDLE = 1
"""The middle one of a key's three bins. The network puts tones in tune there; Basic Pitch itself
reckons from the lowest, which makes them a third of a semitone sharp."""
_REACH = 25
_WIDTH = 5.0
_FLOOR = 1e-6
"""Added to all bins, so that a frame without any pitch is not bent."""


def bend_of(note: CreatedNote, contour: FloatArray) -> tuple[float, ...]:
    """Semitones above the note's key, in steps of a third, one a frame of the note.

    ``contour`` [T, 264] is the certainty, in [0, 1], of each third of a semitone, three a key. In
    each frame the surest bin within 25 of the key's middle counts, near ones more: weights are
    Gaussian with a deviation of 5 bins. This is Basic Pitch's ``get_pitch_bends`` but for the
    middle; as there, a louder neighbour in a chord may be taken for a bend.
    """
    centre = BINS_PER_SEMITONE * note.key + _MIDDLE
    bins = np.arange(max(centre - _REACH, 0), min(centre + _REACH + 1, contour.shape[1]))
    weights = np.exp(-0.5 * ((bins - centre) / _WIDTH) ** 2)
    surest = ((contour[note.start : note.end, bins] + _FLOOR) * weights).argmax(axis=1)
    return tuple(((bins[surest] - centre) / BINS_PER_SEMITONE).tolist())
