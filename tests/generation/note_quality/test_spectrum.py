import numpy as np
import pitched_notes
import pytest

from moodprint.errors import OptionError
from moodprint.generation.note_quality.spectrum import steady_levels, timbre


def test_a_tone_is_loudest_at_its_pitch() -> None:
    levels = steady_levels(
        np.stack([pitched_notes.note(48, slope=3), pitched_notes.note(69, slope=3)])
    )
    assert levels.shape == (2, 322)
    assert levels.argmax(1).tolist() == [3 * (48 - 12), 3 * (69 - 12)]
    assert levels.max() == 1
    assert levels.min() >= 0


def test_loudness_does_not_matter() -> None:
    note = pitched_notes.note(60)[None]
    np.testing.assert_allclose(steady_levels(note), steady_levels(note / 50), atol=1e-4)


def test_timbre_tells_how_a_note_dies_away() -> None:
    held, plucked = timbre(
        np.stack([pitched_notes.note(60, kept=1.0), pitched_notes.note(60, kept=0.05)])
    )
    ends = held.reshape(5, -1)[-1], plucked.reshape(5, -1)[-1]
    assert ends[0].max() == pytest.approx(1, abs=0.01)
    assert ends[1].max() < 0.3


def test_silence_gives_zeros() -> None:
    assert not steady_levels(np.zeros((1, 64_000), np.float32)).any()
    assert not timbre(np.zeros((1, 64_000), np.float32)).any()


def test_notes_of_another_length_are_refused() -> None:
    with pytest.raises(OptionError, match="64000"):
        timbre(np.zeros((1, 1000), np.float32))
