import numpy as np
import pytest

from moodprint.recognition.explanation.cues.onsets import onset_strength
from moodprint.recognition.explanation.cues.tempo import pulse_curve, tempi_bpm, tempo


def told(samples):
    return tempo(pulse_curve(onset_strength(samples)))


@pytest.mark.parametrize("bpm", [62, 75, 90, 100, 120, 133, 150])
def test_the_tempo_of_clicks_is_theirs(make_clicks, bpm):
    found = told(make_clicks(bpm, 12.0))
    assert found.bpm == pytest.approx(bpm, rel=0.02)
    assert found.clarity > 0.6


@pytest.mark.parametrize("bpm", [180, 300, 480])
def test_fast_clicks_are_told_at_a_pace_that_can_be_tapped(make_clicks, bpm):
    """Every second, third or fourth of them: clicks alone do not say which."""
    found = told(make_clicks(bpm, 12.0)).bpm
    assert 60 <= found <= 180
    assert bpm / found == pytest.approx(round(bpm / found), rel=0.02)


def test_accents_choose_the_beat(make_clicks):
    eighths = make_clicks(200, 12.0, gain=0.05) + make_clicks(100, 12.0)
    assert told(eighths).bpm == pytest.approx(100, rel=0.02)


def test_noise_and_silence_have_no_tempo(noise):
    assert told(noise).bpm is None
    nothing = told(np.zeros(12 * 16_000, np.float32))
    assert (nothing.bpm, nothing.clarity) == (None, 0.0)


def test_clicks_at_random_times_are_less_clear_than_a_beat(make_clicks):
    rng = np.random.default_rng(5)
    gaps = [
        make_clicks(60, 0.25 + rng.uniform(0, 0.7))[: rng.integers(4000, 12_000)] for _ in range(24)
    ]
    assert told(np.concatenate(gaps)).clarity < 0.5 * told(make_clicks(110, 12.0)).clarity


def test_curves_of_stretches_may_be_averaged(make_clicks):
    curves = [pulse_curve(onset_strength(make_clicks(96, seconds))) for seconds in (8.0, 12.0)]
    assert tempo(np.mean(curves, axis=0)).bpm == pytest.approx(96, rel=0.02)


@pytest.mark.parametrize("frames", [0, 1, 5, 64])
def test_a_second_and_less_is_taken(frames):
    curve = pulse_curve(np.ones(frames, np.float32))
    assert curve.shape == (4, len(tempi_bpm()))
    assert tempo(curve).bpm is None
