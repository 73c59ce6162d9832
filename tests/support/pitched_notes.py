"""Notes whose pitch is known: partials that fall off and die away, brighter or darker."""

import numpy as np


def note(pitch_midi: int, slope: float = 1.0, kept: float = 0.5, cents: float = 0.0) -> np.ndarray:
    """A note [64000] at 16 kHz: partial n has the level n ** -slope."""
    time_s = np.arange(64_000) / 16_000
    pitch_hz = 440 * 2 ** ((pitch_midi - 69 + cents / 100) / 12)
    sound = np.zeros(64_000)
    for number in range(1, min(30, int(7_900 / pitch_hz)) + 1):
        sound += number**-slope * np.sin(2 * np.pi * number * pitch_hz * time_s + number)
    sound *= kept**time_s
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)


def notes(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Notes [count, 64000] of all kinds, and their pitches."""
    random = np.random.default_rng(seed)
    pitches = random.integers(24, 85, count)
    made = [note(p, random.uniform(0.3, 2), random.uniform(0.1, 1)) for p in pitches]
    return np.stack(made), pitches
