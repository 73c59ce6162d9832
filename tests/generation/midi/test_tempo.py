import numpy as np
import pytest

from moodprint.errors import InputError
from moodprint.generation.midi.score import Score, ScoreNote
from moodprint.generation.midi.tempo import estimated_tempo_bpm


def _score(starts_s: list[float], velocities: list[int] | None = None) -> Score:
    loud = velocities or [90] * len(starts_s)
    notes = [ScoreNote(s, s + 0.1, 60, v) for s, v in zip(starts_s, loud, strict=True)]
    return Score(()).with_notes(notes)


def _rhythm(tempo_bpm: float, late_s: float = 0.0) -> Score:
    """Beats that are stressed, and eighths and sixteenths between some of them."""
    random = np.random.default_rng(int(tempo_bpm))
    places = [bar * 4 + p for bar in range(12) for p in (0, 1, 1.5, 2, 3, 3.25, 3.5)]
    starts = [p * 60 / tempo_bpm + random.normal(0, 0.008) + late_s for p in places]
    return _score(starts, [110 if p == int(p) else 60 for p in places])


@pytest.mark.parametrize("tempo_bpm", [72, 90, 103.5, 120, 140])
def test_the_tempo_of_a_rhythm_is_found(tempo_bpm: float) -> None:
    assert estimated_tempo_bpm(_rhythm(tempo_bpm)) == pytest.approx(tempo_bpm, rel=0.01)


def test_when_it_begins_does_not_matter() -> None:
    first, later = (estimated_tempo_bpm(_rhythm(96, late_s)) for late_s in (0, 7.31))
    assert first == pytest.approx(later, rel=0.002)


def test_four_even_notes_are_enough_and_three_are_not() -> None:
    assert estimated_tempo_bpm(_score([0, 0.5, 1, 1.5])) == pytest.approx(120, rel=0.02)
    with pytest.raises(InputError, match="4 notes"):
        estimated_tempo_bpm(_score([0, 0.5, 1]))
    with pytest.raises(InputError, match="4 notes"):
        estimated_tempo_bpm(_score([1.0] * 50))
    with pytest.raises(InputError, match="4 notes"):
        estimated_tempo_bpm(Score(()))


def test_a_quick_tempo_may_be_taken_for_its_half() -> None:
    found = estimated_tempo_bpm(_rhythm(168))
    assert min(abs(found / tempo - 1) for tempo in (84, 168)) < 0.01
