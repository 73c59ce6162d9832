import numpy as np
import pytest

from moodprint.recognition.explanation.cues.articulation import (
    ARTICULATION,
    articulation_db,
    falls_db,
    falls_of,
    level_db,
)
from moodprint.recognition.explanation.cues.contours import LOG_MEL
from moodprint.recognition.explanation.cues.onsets import onset_frames, onset_strength


def articulation_of(samples):
    levels = level_db(LOG_MEL.of(samples))
    return articulation_db(falls_db(levels, onset_frames(onset_strength(samples))))


def melody(make_tones, sounding_s):
    """Eight notes half a second apart that sound so long."""
    notes = []
    for pitch in (60, 62, 64, 65, 67, 69, 71, 72):
        note = np.zeros(8000, np.float32)
        part = make_tones([pitch], sounding_s)
        fade = np.minimum(1, np.arange(len(part))[::-1] / 200).astype(np.float32)
        note[: len(part)] = part * (fade if sounding_s < 0.5 else 1)
        notes.append(note)
    return np.concatenate(notes)


def test_held_notes_fall_little_and_short_ones_far(make_tones):
    held, short = (
        articulation_of(melody(make_tones, 0.5)),
        articulation_of(melody(make_tones, 0.15)),
    )
    assert held < 4
    assert short > 30


def test_a_decay_is_told_in_db():
    """Notes that fade by 20 dB until the next."""
    levels = np.tile(np.linspace(-10, -30, 32), 4).astype(np.float32)
    falls = falls_db(levels, np.arange(4) * 32)
    assert falls == pytest.approx([20, 20, 20, 20], abs=0.01)


def test_at_most_40_db_and_none_without_notes():
    levels = np.array([-10.0] * 8 + [-100.0] * 56, np.float32)
    assert articulation_db(falls_db(levels, np.array([0]))) == 40.0
    assert articulation_db(falls_db(levels, np.zeros(0, np.intp))) == 0.0


def test_an_onset_at_the_very_end_is_taken():
    assert np.isfinite(falls_db(np.zeros(10, np.float32), np.array([0, 8, 9]))).all()


def test_the_level_is_the_sum_over_the_bands():
    bands = np.full((3, 64), -100.0, np.float32)
    bands[1, 0] = bands[2, :10] = -20.0
    np.testing.assert_allclose(level_db(bands), [-81.94, -20, -10], atol=0.01)


def test_the_cue_is_the_median_fall_of_the_notes_in_a_stretch(record, make_tones):
    held, short = melody(make_tones, 0.5), melody(make_tones, 0.15)
    recording = record(np.concatenate([held, short]))
    assert ARTICULATION.measure(recording.stretch((0.2, 3.8))) < 6
    assert ARTICULATION.measure(recording.stretch((4.2, 7.8))) > 30
    assert len(recording.once(falls_of)) >= 14
