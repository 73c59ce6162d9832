import numpy as np
import pitched_notes
import pytest

from moodprint.errors import OptionError
from moodprint.generation.note_quality.pitch_classifier import PitchJudge, fitted_judge


@pytest.fixture(scope="module")
def judge() -> PitchJudge:
    return fitted_judge(*pitched_notes.notes(80, seed=1))


def test_it_knows_pitches_that_it_never_heard(judge: PitchJudge) -> None:
    notes, pitches = pitched_notes.notes(60, seed=2)
    answers = judge.probabilities(notes)
    np.testing.assert_allclose(answers.sum(1), 1)
    assert (answers.argmax(1) + 24 == pitches).mean() > 0.95


def test_it_is_unsure_of_noise_and_of_silence(judge: PitchJudge) -> None:
    noise = np.random.default_rng(0).normal(size=(4, 64_000)).astype(np.float32)
    sure = judge.probabilities(np.stack([pitched_notes.note(p) for p in (30, 50, 60, 80)])).max(1)
    assert judge.probabilities(noise).max(1).mean() < 0.5 < sure.mean()
    silence = judge.probabilities(np.zeros((1, 64_000), np.float32))
    np.testing.assert_allclose(silence, 1 / 61)


def test_a_note_that_is_out_of_tune_gets_the_wrong_pitch(judge: PitchJudge) -> None:
    notes = np.stack([pitched_notes.note(60, cents=80), pitched_notes.note(60, cents=-10)])
    assert (judge.probabilities(notes).argmax(1) + 24).tolist() == [61, 60]


def test_what_cannot_teach_is_refused() -> None:
    with pytest.raises(OptionError):
        fitted_judge(np.zeros((0, 64_000), np.float32), [])
    with pytest.raises(OptionError):
        fitted_judge(np.zeros((1, 64_000), np.float32), [85])
