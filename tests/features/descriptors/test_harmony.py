import numpy as np
import pytest

from moodprint.features.descriptors import harmony
from moodprint.features.descriptors.frames import Frames
from moodprint.pitch import KeyEstimate

C4 = 261.626


def _chord(*semitones, seconds=1.0):
    time = np.arange(int(seconds * 22_050)) / 22_050
    sound = sum(
        np.sin(2 * np.pi * C4 * 2 ** (step / 12) * n * time) / n**2
        for step in semitones
        for n in (1, 2, 3)
    )
    return (0.1 * sound).astype(np.float32)


def _chroma(*semitones):
    return harmony.chroma(Frames(_chord(*semitones)))


@pytest.mark.parametrize("step", range(12))
def test_a_tone_falls_in_its_pitch_class(step):
    assert (_chroma(step)[3:-3].argmax(axis=1) == step).all()


def test_a_chord_fills_its_three_classes():
    strongest = np.argsort(_chroma(0, 4, 7)[20])[-3:]
    assert sorted(strongest) == [0, 4, 7]


@pytest.mark.parametrize("root", range(0, 12, 3))
def test_major_and_minor_are_told_apart_in_any_key(root):
    major, minor = (
        harmony.key(_chroma(*(root + step for step in (0, 0, third, 7)))) for third in (4, 3)
    )
    assert major.majorness > 0.05
    assert minor.majorness < -0.05
    assert min(major.clarity, minor.clarity) > 0.6


def test_a_shift_of_key_turns_the_circles_and_keeps_the_radius():
    here, there = (harmony.tonnetz(_chroma(step))[20] for step in (0, 1))
    for axis in (0, 2, 4):
        assert np.hypot(*here[axis : axis + 2]) == pytest.approx(
            np.hypot(*there[axis : axis + 2]), abs=0.05
        )
    assert not np.allclose(here, there, atol=0.1)


def test_silence_has_no_tonality():
    silent = harmony.chroma(Frames(np.zeros(3000, np.float32)))
    assert not silent.any()
    assert not harmony.tonnetz(silent).any()
    assert harmony.key(silent) == KeyEstimate(None, 0, 0)


def test_the_axes_have_names():
    assert harmony.TONAL_AXES[0] == "fifth_x"
    assert len(harmony.TONAL_AXES) == 6
