import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.generation.midi.bend_tracking import bend_of
from moodprint.generation.midi.note_creation import CreatedNote

KEY = 48
THIRD = 1 / 3


def _contour(semitones: np.ndarray, key: int = KEY) -> np.ndarray:
    """A ridge [T, 264] along a pitch so far above the middle of a key."""
    centre = 3 * (key + semitones) + 1
    return np.exp(-0.5 * (np.arange(264) - centre[:, None]) ** 2).astype(np.float32)


def _literal(note: CreatedNote, contour: np.ndarray) -> list[float]:
    bends, centre = [], 3 * note.key + 1
    for frame in range(note.start, note.end):
        best, bend = -1.0, 0
        for away in range(-25, 26):
            if 0 <= centre + away < 264:
                sure = float(contour[frame, centre + away]) * np.exp(-(away**2) / 50)
                best, bend = max((best, bend), (sure, away), key=lambda pair: pair[0])
        bends.append(bend / 3)
    return bends


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.integers(0, 87))
def test_bends_are_those_of_the_slow_rule(seed: int, key: int) -> None:
    contour = np.random.default_rng(seed).uniform(0.01, 1, (20, 264))
    note = CreatedNote(3, 17, key, 0.5)
    assert bend_of(note, contour) == pytest.approx(_literal(note, contour))


@pytest.mark.parametrize(
    "path",
    [np.linspace(-2, 2, 90), np.sin(np.arange(90) / 5), np.full(90, 0.4)],
    ids=["glide", "vibrato", "sharp"],
)
def test_a_bend_follows_the_pitch_within_a_third(path: np.ndarray) -> None:
    bends = bend_of(CreatedNote(10, 80, KEY, 0.5), _contour(path))
    assert np.abs(np.array(bends) - path[10:80]).max() <= THIRD


@pytest.mark.parametrize("key", [0, 87])
def test_keys_at_the_edges_bend_too(key: int) -> None:
    path = np.where(np.arange(40) < 20, 0.0, THIRD if key == 87 else -THIRD)
    bends = bend_of(CreatedNote(0, 40, key, 0.5), _contour(path, key))
    np.testing.assert_allclose(bends, path, atol=1e-9)


def test_what_is_in_tune_or_silent_is_not_bent() -> None:
    note = CreatedNote(0, 30, KEY, 0.5)
    assert not any(bend_of(note, _contour(np.zeros(30))))
    assert not any(bend_of(note, np.zeros((30, 264), np.float32)))
