import numpy as np
import pytest
from pitched_notes import note

from moodprint.generation.note_generator.mel import band_centres_hz, mel_from_linear
from moodprint.generation.note_generator.partials import PHASE_PLANE, partial_planes
from moodprint.generation.note_generator.representation import melspecgram_from_waveform


def test_there_is_a_set_of_planes_for_each_pitch() -> None:
    planes = partial_planes()
    assert planes.shape == (61, 8, 1024)
    assert np.abs(planes).max() < 1.2


@pytest.mark.parametrize("pitch", [30, 40, 57, 69, 84])
def test_partials_are_where_the_planes_say(pitch: int) -> None:
    magnitude = melspecgram_from_waveform(note(pitch, kept=1.0)[None])[0, 60, :, 0]
    near = partial_planes()[pitch - 24, 1]
    low = band_centres_hz() < 1500
    assert np.corrcoef(magnitude[low], near[low])[0, 1] > 0.55


@pytest.mark.parametrize("pitch", [24, 30, 57, 69, 84])
def test_phases_step_as_the_planes_say(pitch: int) -> None:
    heard = melspecgram_from_waveform(note(pitch, kept=1.0)[None])[0, 60]
    told = np.tanh(partial_planes()[pitch - 24, PHASE_PLANE]) / 0.8
    turn = np.clip(mel_from_linear().sum(axis=0), 0.1, 1.0)
    off = (heard[:, 1] - told) / turn
    off = np.abs(off - 2 * np.round(off / 2))
    loud = (heard[:, 0] > heard[:, 0].max() - 4) & (band_centres_hz() < 2500)
    assert off[loud].max() < 0.01
