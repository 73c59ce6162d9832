import numpy as np
import pytest

from moodprint.features.descriptors import cepstral, rhythm
from moodprint.features.descriptors.frames import Frames


def _clicks(bpm, seconds=12):
    sound = np.zeros(seconds * 22_050, np.float32)
    burst = np.random.default_rng(0).normal(size=400) * np.hanning(400)
    for at in np.arange(0.2, seconds - 0.1, 60 / bpm):
        start = int(at * 22_050)
        sound[start : start + 400] = burst
    return sound


def _onsets(sound):
    return rhythm.onset_strength(cepstral.log_mel_db(Frames(sound)))


@pytest.mark.parametrize("bpm", [75, 100, 120, 160])
def test_the_tempo_of_clicks_is_found(bpm):
    pulse = rhythm.pulse(_onsets(_clicks(bpm)))
    assert pulse.tempo_bpm == pytest.approx(bpm, rel=0.04)
    assert pulse.clarity > 0.6
    assert pulse.onsets_per_s == pytest.approx(bpm / 60, rel=0.12)


def test_an_onset_is_where_the_click_is():
    sound = np.zeros(22_050, np.float32)
    sound[11_025:11_100] = 0.5
    assert _onsets(sound).argmax() == pytest.approx(11_025 / 512, abs=2)


def test_silence_and_the_shortest_clip_have_no_pulse():
    for count in (0, 1, 5000):
        assert rhythm.pulse(_onsets(np.zeros(count, np.float32))) == rhythm.Pulse(0, 0, 0)
