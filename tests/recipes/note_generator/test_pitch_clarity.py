import numpy as np
import pytest
from pitched_notes import note
from recipes.note_generator.pitch_clarity import Clarity, clarity


@pytest.mark.parametrize("pitch", [24, 45, 60, 84])
def test_a_note_in_tune_is_clear(pitch: int) -> None:
    found = clarity(note(pitch), pitch)
    assert found.share > 0.95
    assert found.odd_share > 0.4
    assert found.cents == pytest.approx(0, abs=3)
    assert found.clear


def test_a_note_out_of_tune_tells_by_how_much() -> None:
    found = clarity(note(60, cents=-25), 60)
    assert found.cents == pytest.approx(-25, abs=2)
    assert not found.clear


def test_a_note_an_octave_too_high_has_no_odd_partials() -> None:
    found = clarity(note(72), 60)
    assert found.share > 0.95
    assert found.odd_share < 0.01
    assert not found.clear


def test_noise_another_pitch_and_silence_are_unclear() -> None:
    noise = np.random.default_rng(0).normal(size=64_000).astype(np.float32)
    assert not clarity(noise, 60).clear
    assert not clarity(note(61), 60).clear
    assert clarity(np.zeros(64_000, np.float32), 60) == Clarity(0.0, 0.0, 0.0)
