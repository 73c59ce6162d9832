import numpy as np
import pytest

from moodprint.errors import OptionError
from moodprint.generation.midi.quantise import quantised
from moodprint.generation.midi.score import Score, ScoreNote


def _played(offset_s: float, jitter_s: float) -> Score:
    random = np.random.default_rng(0)
    starts = offset_s + np.arange(40) * 0.125 + random.normal(0, jitter_s, 40)
    return Score(()).with_notes([ScoreNote(s, s + 0.1, 60, 90) for s in starts.clip(0).tolist()])


@pytest.mark.parametrize("offset_s", [0.0, 0.03, 0.1])
def test_uneven_playing_becomes_even_without_being_moved_as_a_whole(offset_s: float) -> None:
    score = quantised(_played(offset_s, 0.01), tempo_bpm=120)
    starts = np.array([note.start_s for note in score.notes])
    np.testing.assert_allclose(np.diff(starts[1:]), 0.125, atol=1e-9)
    moved = starts - [note.start_s for note in _played(offset_s, 0.01).notes]
    assert np.abs(moved).max() < 0.04


def test_what_is_on_the_beat_stays() -> None:
    score = _played(0.0, 0.0)
    again = quantised(score, tempo_bpm=120)
    for before, after in zip(score.notes, again.notes, strict=True):
        assert after.start_s == pytest.approx(before.start_s, abs=1e-6)
        assert after.duration_s == pytest.approx(0.125, abs=1e-6)


def test_nothing_stays_nothing_and_odd_tempos_are_refused() -> None:
    assert quantised(Score(()), 120).notes == ()
    for tempo in (0, 1000):
        with pytest.raises(OptionError):
            quantised(Score(()), tempo)
