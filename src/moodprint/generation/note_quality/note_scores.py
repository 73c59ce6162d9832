"""NoteScores of notes beside those of real ones, as the GANSynth paper defines them, and noise.

Source: Engel et al., GANSynth: Adversarial Neural Audio Synthesis (ICLR 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.errors import CorpusError
from moodprint.evaluation.bootstrap import Interval, group_bootstrap
from moodprint.evaluation.generated.frechet import frechet_distance
from moodprint.evaluation.generated.inception import inception_score, mean_entropy
from moodprint.evaluation.generated.ndb import Bins, fit_bins
from moodprint.evaluation.generated.nearest import mean_distance, nearest_distances
from moodprint.generation.note_quality.pitch_classifier import PitchClassifier, fit_pitch_classifier
from moodprint.generation.note_quality.spectrum import timbre

_COMPONENTS = 32
"""Principal components of timbre: few enough that covariances of some hundred notes are sound."""
_MOST_BINS = 50
"""The paper's number of bins for NDB."""
_NOTES_A_BIN = 10
"""Below this, the test of two proportions behind NDB no longer holds (its normal approximation)."""
_FEWEST_NOTES = 60
"""About one a pitch, without which the pitch classifier knows nothing."""
_TAKEN_OUT = 6
"""Of the real notes, one in so many is left out of what all are compared with, to be scored too."""

Pitches = npt.NDArray[np.int64]
DoubleArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PitchedNotes:
    """Notes [B, 64000] at 16 kHz, and the MIDI pitches [B] that they have or should have."""

    waveforms: FloatArray
    pitch_midi: Pitches

    def rows(self, chosen: npt.NDArray[np.intp]) -> PitchedNotes:
        """Some of the notes, by their numbers."""
        return PitchedNotes(self.waveforms[chosen], self.pitch_midi[chosen])


@dataclass(frozen=True)
class NoteScores:
    """What was found of one set of notes.

    ``pitch_accuracy`` (95 % intervals over pitches) and ``pitch_entropy`` (in nats) are those of
    the pitch classifier's answers, ``inception`` their inception score (61 at most). The rest sees
    timbre:
    ``frechet`` is the distance to the real notes; ``different_bins`` the share of bins (NDB / K)
    that are filled otherwise than by these, 0.05 by chance; ``diversity`` the mean distance of two
    notes of the set, 1 where it is that of the real ones; ``nearest`` the median distance to the
    nearest real note, in the same unit: near 0, notes are copies.
    """

    notes: int
    pitch_accuracy: Interval
    pitch_entropy: float
    inception: float
    frechet: float
    different_bins: float
    diversity: float
    nearest: float


class NoteScorer:
    """Scores notes by real ones [B, 64000].

    The pitch classifier, the axes of timbre (32 principal components of levels by semitone in five
    stages of the note) and the bins are fitted to the real ones.

    Raises:
        CorpusError: fewer than 60 notes.
    """

    def __init__(self, real: PitchedNotes, seed: int = 0) -> None:
        if len(real.waveforms) < _FEWEST_NOTES:
            raise CorpusError(
                f"scoring takes {_FEWEST_NOTES} real notes or more, not {len(real.waveforms)}"
            )
        self.classifier: PitchClassifier = fit_pitch_classifier(real.waveforms, real.pitch_midi)
        levels = timbre(real.waveforms).astype(np.float64)
        self._mean = levels.mean(0)
        self._axes = np.linalg.svd(levels - self._mean, full_matrices=False)[2][:_COMPONENTS]
        self._timbres = self._timbre(real.waveforms)
        self._bins: Bins = fit_bins(
            self._timbres, min(_MOST_BINS, len(self._timbres) // _NOTES_A_BIN), seed
        )
        self._unit = mean_distance(self._timbres)

    def scores(self, notes: PitchedNotes) -> NoteScores:
        """Those of notes, 2 at least."""
        answers = self.classifier.probabilities(notes.waveforms)
        right = answers.argmax(1) + self.classifier.lowest_pitch == notes.pitch_midi
        timbres = self._timbre(notes.waveforms)
        return NoteScores(
            notes=len(timbres),
            pitch_accuracy=group_bootstrap(np.mean, notes.pitch_midi, right),
            pitch_entropy=mean_entropy(answers),
            inception=inception_score(answers),
            frechet=frechet_distance(self._timbres, timbres) / self._unit**2,
            different_bins=self._bins.different(timbres) / len(self._bins.counts),
            diversity=mean_distance(timbres) / self._unit,
            nearest=float(np.median(nearest_distances(timbres, self._timbres))) / self._unit,
        )

    def _timbre(self, waveforms: FloatArray) -> DoubleArray:
        return (timbre(waveforms) - self._mean) @ self._axes.T


def compare_notes(
    notes: PitchedNotes, real: PitchedNotes, apart: PitchedNotes | None = None, seed: int = 0
) -> dict[str, NoteScores]:
    """The scores of notes, and those of others, as many, to see them by: of real notes that were
    taken out for it, of real notes of quite other instruments where ``apart`` has them, of noise.

    A set of more notes is drawn from; Frechet distances of sets of another size do not compare.

    Raises:
        CorpusError: fewer than 60 real notes are left to score by.
    """
    random = np.random.default_rng(seed)
    order = random.permutation(len(real.waveforms))
    taken = len(order) // _TAKEN_OUT
    sets = {"notes": notes, "real, same instruments": real.rows(order[:taken])}
    if apart is not None:
        sets["real, other instruments"] = apart
    count = min(len(each.waveforms) for each in sets.values())
    sets = {
        name: each.rows(np.sort(random.permutation(len(each.waveforms))[:count]))
        for name, each in sets.items()
    }
    sets["noise"] = PitchedNotes(
        noise(count, real.waveforms.shape[1], random), sets["notes"].pitch_midi
    )
    scorer = NoteScorer(real.rows(order[taken:]), seed)
    return {name: scorer.scores(each) for name, each in sets.items()}


def noise(count: int, samples: int, random: np.random.Generator) -> FloatArray:
    """White noise [count, samples] with a peak of 0.5."""
    values = random.standard_normal((count, samples))
    loudest = np.abs(values).max(axis=1, keepdims=True)
    return (0.5 * values / loudest).astype(np.float32)
