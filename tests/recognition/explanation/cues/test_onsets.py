import numpy as np
import pytest

from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S, LOG_MEL
from moodprint.recognition.explanation.cues.onsets import (
    OnsetStrength,
    onset_frames,
    onset_strength,
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
