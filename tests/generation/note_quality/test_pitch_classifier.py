import numpy as np
import pitched_notes
import pytest

from moodprint.errors import OptionError
from moodprint.generation.note_quality.pitch_classifier import PitchClassifier, fit_pitch_classifier


@pytest.fixture(scope="module")
def classifier() -> PitchClassifier:
    return fit_pitch_classifier(*pitched_notes.notes(80, seed=1))


def test_it_knows_notes_that_it_was_not_fitted_on(classifier: PitchClassifier) -> None:
    notes, pitches = pitched_notes.notes(60, seed=2)
    answers = classifier.probabilities(notes)
    np.testing.assert_allclose(answers.sum(1), 1)
    assert (answers.argmax(1) + 24 == pitches).mean() > 0.95


def test_it_is_unsure_of_noise_and_of_silence(classifier: PitchClassifier) -> None:
    noise = np.random.default_rng(0).normal(size=(4, 64_000)).astype(np.float32)
    sure = classifier.probabilities(
        np.stack([pitched_notes.note(p) for p in (30, 50, 60, 80)])
    ).max(1)
    assert classifier.probabilities(noise).max(1).mean() < 0.5 < sure.mean()
    silence = classifier.probabilities(np.zeros((1, 64_000), np.float32))
    np.testing.assert_allclose(silence, 1 / 61)


def test_a_note_that_is_out_of_tune_gets_the_wrong_pitch(classifier: PitchClassifier) -> None:
    notes = np.stack([pitched_notes.note(60, cents=80), pitched_notes.note(60, cents=-10)])
    assert (classifier.probabilities(notes).argmax(1) + 24).tolist() == [61, 60]


def test_what_it_cannot_be_fitted_on_is_refused() -> None:
    with pytest.raises(OptionError):
        fit_pitch_classifier(np.zeros((0, 64_000), np.float32), [])
    with pytest.raises(OptionError):
        fit_pitch_classifier(np.zeros((1, 64_000), np.float32), [85])
