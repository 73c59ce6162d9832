import numpy as np
import pytest

from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S, LOG_MEL
from moodprint.recognition.explanation.cues.onsets import (
    ONSET_DENSITY,
    OnsetStrength,
    notes_in,
    onset_frames,
    onset_strength,
    onsets_of,
)


@pytest.mark.parametrize("bpm", [60, 120, 240, 480])
def test_each_click_is_one_onset_at_its_time(make_clicks, bpm):
    found = onset_frames(onset_strength(make_clicks(bpm, 5.0))) / FRAMES_PER_S
    times = np.arange(0.1, 4.9, 60 / bpm)
    assert len(found) == len(times)
    np.testing.assert_allclose(found, times, atol=0.035)


def test_notes_of_a_held_chord_begin_once(make_tones):
    chords = [make_tones(pitches, 1.0) for pitches in ([60, 64, 67], [65, 69, 72], [60, 64, 67])]
    found = onset_frames(onset_strength(np.concatenate(chords))) / FRAMES_PER_S
    np.testing.assert_allclose(found, [0, 1, 2], atol=0.05)


def test_vibrato_and_a_steady_tone_have_no_onsets_past_the_first():
    time = np.arange(5 * 16_000) / 16_000
    turn = 2 * np.pi * 330 * time + 4 * np.sin(2 * np.pi * 5.5 * time)
    strings = sum(0.1 / h * np.sin(h * turn) for h in range(1, 15)).astype(np.float32)
    assert len(onset_frames(onset_strength(strings))) <= 1


def test_noise_has_few_onsets(noise):
    assert len(onset_frames(onset_strength(noise))) / 10 < 2


def test_silence_and_nothing_have_none():
    assert len(onset_frames(onset_strength(np.zeros(16_000, np.float32)))) == 0
    assert len(onset_frames(np.zeros(0, np.float32))) == 0


def test_pieces_join_without_a_trace(make_clicks):
    frames = LOG_MEL.of(make_clicks(100, 3.0))
    whole, parts = OnsetStrength(), OnsetStrength()
    joined = np.concatenate([parts.push(piece) for piece in np.split(frames, [1, 2, 50, 51])])
    np.testing.assert_array_equal(joined, whole.push(frames))


def test_the_strength_is_the_mean_rise_over_the_bands():
    frames = np.full((6, 64), -40.0, np.float32)
    frames[3:, :8] = -30.0
    strength = OnsetStrength().push(frames)
    # Eight bands rise by 10 dB; of them the last lies beside one that did not.
    np.testing.assert_allclose(strength, [0, 0, 0, 8 * 10 / 64, 8 * 10 / 64, 0], atol=1e-5)


def test_rises_of_noise_under_the_floor_do_not_count():
    frames = np.full((6, 64), -100.0, np.float32)
    frames[3:] = -75.0
    assert not OnsetStrength().push(frames).any()


def test_a_band_rises_above_its_neighbours_of_before():
    """A partial that moves by a band is vibrato, and no onset."""
    frames = np.full((6, 64), -60.0, np.float32)
    frames[:3, 20] = frames[3:, 21] = -20.0
    assert not OnsetStrength().push(frames).any()


def test_a_peak_stands_out_from_its_surroundings():
    strength = np.zeros(64, np.float32)
    strength[[10, 11, 30]] = 2.0, 1.9, 0.4
    assert onset_frames(strength).tolist() == [10]


def test_none_in_the_last_frames_where_a_cut_clicks():
    strength = np.zeros(64, np.float32)
    strength[[20, 63]] = 2.0
    assert onset_frames(strength).tolist() == [20]


def test_the_cue_counts_the_notes_of_a_stretch(record, make_clicks):
    recording = record(np.concatenate([make_clicks(60, 10.0), make_clicks(240, 10.0)]))
    slow, fast = recording.stretch((1.0, 9.0)), recording.stretch((11.0, 19.0))
    assert ONSET_DENSITY.measure(slow) == pytest.approx(1.0, abs=0.15)
    assert ONSET_DENSITY.measure(fast) == pytest.approx(4.0, abs=0.3)
    inside = recording.once(onsets_of)[notes_in(slow)] / FRAMES_PER_S
    assert inside.min() >= 1.0
    assert inside.max() <= 9.0
    assert ONSET_DENSITY.say(3.84) == "3.8/s"
