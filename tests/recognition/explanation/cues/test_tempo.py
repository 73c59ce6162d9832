import numpy as np
import pytest

from moodprint.recognition.explanation.cues.onsets import onset_strength
from moodprint.recognition.explanation.cues.tempo import (
    FASTEST_BPM,
    PULSE_CLARITY,
    SLOWEST_BPM,
    TEMPO,
    pulse_curve,
    sharpened_bpm,
    tempi_bpm,
    tempo,
)


def tempo_of(samples):
    return tempo(pulse_curve(onset_strength(samples)))


@pytest.mark.parametrize("bpm", [62, 75, 90, 100, 120, 133, 150])
def test_the_tempo_of_clicks_is_theirs(make_clicks, bpm):
    found = tempo_of(make_clicks(bpm, 12.0))
    assert found.bpm == pytest.approx(bpm, rel=0.02)
    assert found.clarity > 0.6


@pytest.mark.parametrize("bpm", [180, 300, 480])
def test_fast_clicks_are_told_at_a_pace_that_can_be_tapped(make_clicks, bpm):
    """Every second, third or fourth of them: clicks alone do not say which."""
    found = tempo_of(make_clicks(bpm, 12.0)).bpm
    assert 60 <= found <= 180
    assert bpm / found == pytest.approx(round(bpm / found), rel=0.02)


def test_accents_choose_the_beat(make_clicks):
    eighths = make_clicks(200, 12.0, gain=0.05) + make_clicks(100, 12.0)
    assert tempo_of(eighths).bpm == pytest.approx(100, rel=0.02)


def test_noise_and_silence_have_no_tempo(noise):
    assert tempo_of(noise).bpm is None
    nothing = tempo_of(np.zeros(12 * 16_000, np.float32))
    assert (nothing.bpm, nothing.clarity) == (None, 0.0)


def test_clicks_at_random_times_are_less_clear_than_a_beat(make_clicks):
    rng = np.random.default_rng(5)
    gaps = [
        make_clicks(60, 0.25 + rng.uniform(0, 0.7))[: rng.integers(4000, 12_000)] for _ in range(24)
    ]
    assert tempo_of(np.concatenate(gaps)).clarity < 0.5 * tempo_of(make_clicks(110, 12.0)).clarity


def test_curves_of_stretches_may_be_averaged(make_clicks):
    curves = [pulse_curve(onset_strength(make_clicks(96, seconds))) for seconds in (8.0, 12.0)]
    assert tempo(np.mean(curves, axis=0)).bpm == pytest.approx(96, rel=0.02)


@pytest.mark.parametrize("frames", [0, 1, 5, 64])
def test_a_second_and_less_is_taken(frames):
    curve = pulse_curve(np.ones(frames, np.float32))
    assert curve.shape == (4, len(tempi_bpm()))
    assert tempo(curve).bpm is None


def test_the_tempi_that_are_tried_are_sixty_an_octave():
    bpm = tempi_bpm()
    assert (bpm[0], bpm[-1]) == (pytest.approx(SLOWEST_BPM), pytest.approx(FASTEST_BPM))
    assert bpm[60] == pytest.approx(2 * bpm[0], rel=1e-3)
    assert (np.diff(np.log2(bpm)) < 1 / 59).all()


def test_a_curve_is_1_where_every_beat_is_like_the_one_before():
    every_half_second = np.tile([1.0, *[0.0] * 31], 24).astype(np.float32)
    curve = pulse_curve(every_half_second)
    at_120 = np.abs(tempi_bpm() - 120).argmin()
    assert curve[:, at_120] == pytest.approx([1.0] * 4, abs=0.1)
    assert curve[0].max() <= 1.05


def test_the_level_of_the_onsets_does_not_matter(make_clicks):
    strength = onset_strength(make_clicks(100, 12.0))
    assert tempo(pulse_curve(strength)) == tempo(pulse_curve(2 * strength))


def test_held_tones_have_no_pulse_though_they_beat(make_tones):
    """Two tones 2 Hz apart swell and fade twice a second."""
    beating = make_tones([69], 12.0, harmonics=1) + make_tones([69.08], 12.0, harmonics=1)
    assert tempo_of(beating).bpm is None


def test_the_cue_is_the_pulse_of_twelve_seconds_around_a_stretch(record, make_clicks):
    recording = record(np.concatenate([make_clicks(80, 20.0), make_clicks(150, 20.0)]))
    first, last = recording.stretch((8.0, 9.0)), recording.stretch((31.0, 32.0))
    assert TEMPO.measure(first) == pytest.approx(80, rel=0.02)
    assert TEMPO.measure(last) == pytest.approx(150, rel=0.02)
    assert PULSE_CLARITY.measure(first) > 0.6


def test_the_cue_of_parts_is_that_of_their_mean_curve(record, make_clicks):
    recording = record(make_clicks(96, 30.0))
    parts = recording.stretch((2.0, 7.0), (20.0, 25.0))
    assert TEMPO.measure(parts) == pytest.approx(96, rel=0.02)


@pytest.mark.parametrize("bpm", [61.3, 95.0, 127.9, 174.4])
def test_a_steady_tempo_is_sharpened_from_nearby(make_clicks, bpm):
    strength = onset_strength(make_clicks(bpm, 30.0))
    for told in (0.995 * bpm, bpm, 1.005 * bpm):
        assert sharpened_bpm(strength, told) == pytest.approx(bpm, rel=0.0015)


def test_what_holds_too_few_beats_is_left_as_it_is(make_clicks):
    assert sharpened_bpm(onset_strength(make_clicks(60, 2.0)), 61.0) == 61.0
