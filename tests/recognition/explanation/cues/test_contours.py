import numpy as np

from moodprint.recognition.explanation.cues import contours
from moodprint.recognition.explanation.cues.contours import (
    FRAMES_PER_S,
    Contours,
    SpectralFrames,
)
from moodprint.recognition.explanation.cues.spectra import magnitudes


def test_onsets_and_levels_are_told_of_64_frames_a_second():
    assert FRAMES_PER_S == 64


def test_partials_are_found_once_for_all_who_ask(monkeypatch, tone):
    asked = []
    find = contours.partials
    monkeypatch.setattr(contours, "partials", lambda found: asked.append(1) or find(found))
    frames = SpectralFrames(magnitudes(tone(440.0, seconds=0.5)))
    assert frames.partials is frames.partials
    assert len(asked) == 1
    assert np.abs(frames.partials.hz[4, 0] - 440) < 0.5


def test_there_are_as_many_rows_as_in_each_contour():
    some = {len: np.zeros((3, 2), np.float32), abs: np.zeros(3, np.float32)}
    assert Contours(np.zeros(96), np.zeros(96), some).rows == 3
