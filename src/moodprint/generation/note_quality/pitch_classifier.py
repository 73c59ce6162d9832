"""Tells the pitch of a note: one template of partials, moved along the axis of log frequency.

Every pitch has the same template, learned from real notes by a conditional logit (McFadden 1974),
so a few hundred numbers are all that there is to fit, and notes of one pitch teach about all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.evaluation import softmax
from moodprint.generation.note_generator.architecture import HIGHEST_PITCH, LOWEST_PITCH, PITCHES
from moodprint.generation.note_quality import spectrum

_BINS_A_SEMITONE = 3
"""So a note out of tune by a third of a semitone still falls beside its bin, and not into the next
pitch's."""
_BELOW, _ABOVE = 12 * _BINS_A_SEMITONE, 60 * _BINS_A_SEMITONE
"""An octave below, to see that no lower partial is there; five above, as far as partial 32."""
_RIDGE = 1e-3
"""The weight of the template's square in the loss: it keeps the template finite where the notes are
told apart without an error."""

DoubleArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PitchClassifier:
    """``template`` [W] weighs levels from an octave below a pitch to five octaves above."""

    template: DoubleArray
    lowest_pitch: int = LOWEST_PITCH

    def probabilities(self, notes: FloatArray) -> DoubleArray:
        """How likely each of the 61 pitches from MIDI 24 on is, [B, 61], for notes [B, 64000]."""
        return softmax(_views(notes) @ self.template)


def fit_pitch_classifier(notes: FloatArray, pitch_midi: npt.ArrayLike) -> PitchClassifier:
    """A classifier fitted on real notes [B, 64000] of pitches [B]. About 10 ms a note.

    Raises:
        OptionError: there are no notes, or a pitch lies out of MIDI 24 to 84.
    """
    pitch = np.asarray(pitch_midi) - LOWEST_PITCH
    if not len(notes) or pitch.min() < 0 or pitch.max() >= PITCHES:
        raise OptionError(
            f"the pitch classifier is fitted on notes of MIDI {LOWEST_PITCH} to {HIGHEST_PITCH}"
        )
    views = _views(notes)
    rows = np.arange(len(pitch))
    right = views[rows, pitch].mean(0, dtype=np.float64)

    def loss(template: DoubleArray) -> tuple[float, DoubleArray]:
        scores = views @ template.astype(np.float32)
        answers = softmax(scores.astype(np.float64))
        value = -np.log(np.maximum(answers[rows, pitch], 1e-12)).mean()
        weights = (answers / len(pitch)).astype(np.float32)
        expected = np.tensordot(weights, views, 2)
        slope = expected - right + _RIDGE * template
        return float(value + 0.5 * _RIDGE * template @ template), slope

    found = minimize(loss, np.zeros(views.shape[2]), jac=True, method="L-BFGS-B",
                     options={"maxiter": 200})  # fmt: skip
    return PitchClassifier(found.x)


def _views(notes: FloatArray) -> FloatArray:
    """The levels around each pitch, [B, 61, W]."""
    levels = spectrum.steady_levels(notes, _BINS_A_SEMITONE)
    padded = np.pad(levels, ((0, 0), (_BELOW, _ABOVE)))
    offset = (LOWEST_PITCH - spectrum.LOWEST_PITCH) * _BINS_A_SEMITONE
    windows = np.lib.stride_tricks.sliding_window_view(padded, _BELOW + _ABOVE + 1, axis=1)
    return windows[:, offset : offset + PITCHES * _BINS_A_SEMITONE : _BINS_A_SEMITONE]
