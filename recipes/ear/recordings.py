"""What happens to music on its way to a listener, as a log-mel in dB [T, F] shows it: a band limit,
a room, another sound over it."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

from recipes.ear.prepare import FLOOR_DB
from recipes.ear.teachers import log_mel

_DB_AN_OCTAVE = 36.0
_CLIPPING_DB_AN_OCTAVE = 4.0
"""So the harmonics of clipped music fall above 1 kHz, about."""
ROOMS_S = (0.3, 1.5)
"""How long the echo of a room takes to fall by 60 dB."""

_FRAME_S, _STEADY_FRAMES = 0.05, 4.0
_LEFT = 0.05
"""The share of the power that an echo leaves at least."""
_TO_NEPER = np.float32(np.log(10) / 10)


def through_a_telephone(mel_db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Only the band between about 150 to 400 Hz and 3 to 4 kHz."""
    return limited(mel_db, rng.uniform(150, 400), rng.uniform(3_000, 4_000))


def dull(mel_db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Nothing above 2.5 to 6 kHz, as after much compression."""
    return limited(mel_db, 1.0, rng.uniform(2_500, 6_000))


def clipped(mel_db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As if recorded too loud: loud frames come nearly to one level, and what clipping adds lies
    over all bands, ``below`` a frame's loudest band and falling as the octaves rise.

    A likeness, not a simulation: a log-mel does not tell a wave's peaks.
    """
    loudest = mel_db.max(axis=1, keepdims=True)
    over = np.maximum(0, loudest - np.quantile(loudest, rng.uniform(0.1, 0.6)))
    flat = mel_db - np.float32(rng.uniform(0.5, 0.95)) * over
    below = rng.uniform(14, 34) + np.where(over > 0, 0, 60)
    octaves = np.log2(np.maximum(1, band_centres_hz() / 1_000))
    added = loudest - over - below - _CLIPPING_DB_AN_OCTAVE * octaves
    return (np.logaddexp(flat * _TO_NEPER, added * _TO_NEPER) / _TO_NEPER).astype(np.float32)


def in_some_room(mel_db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """In a room of random size."""
    return in_a_room(mel_db, rng.uniform(*ROOMS_S), rng)


def limited(mel_db: np.ndarray, lowest_hz: float, highest_hz: float) -> np.ndarray:
    """Outside a band, levels fall by ``_DB_AN_OCTAVE``."""
    hz = band_centres_hz()
    octaves = np.maximum(0, np.log2(lowest_hz / hz)) + np.maximum(0, np.log2(hz / highest_hz))
    return np.maximum(mel_db - (_DB_AN_OCTAVE * octaves).astype(np.float32), FLOOR_DB)


def in_a_room(mel_db: np.ndarray, falls_60_db_s: float, rng: np.random.Generator) -> np.ndarray:
    """With an echo as loud as the sound itself. It adds to the sound or takes from it, as their
    phases fall: the narrower a band, the less its partials even that out."""
    power = np.exp(mel_db * _TO_NEPER)
    echo = with_echo(power, falls_60_db_s, log_mel().frames_per_second) - power
    partials = np.maximum(1, np.gradient(band_centres_hz()) * _FRAME_S)
    one, other = (_slow_noise(power.shape, rng) for _ in range(2))
    level = np.maximum(0, 1 + (one**2 + other**2 - 2) / (2 * np.sqrt(partials)))
    mixed = power + echo * level + np.sqrt(2 * power * echo / partials) * one
    return (np.log(np.maximum(mixed, _LEFT * power)) / _TO_NEPER).astype(np.float32)


def _slow_noise(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Normal noise [T, F] that changes over some frames."""
    noise = gaussian_filter1d(rng.standard_normal(shape), _STEADY_FRAMES, axis=0)
    return noise / noise.std()


def with_echo(power: np.ndarray, falls_60_db_s: float, rows_per_second: float) -> np.ndarray:
    """Power [R, D] and an echo that is as loud as the sound itself and dies away exponentially."""
    decay = 10 ** (-6 / (falls_60_db_s * rows_per_second))
    return power + lfilter([1 - decay], [1, -decay], power, axis=0)


def under(mel_db: np.ndarray, other_db: np.ndarray, level_db: float) -> tuple[np.ndarray, float]:
    """Another sound over the music, its loudest frames ``level_db`` above the music's; and the gain
    in dB that the other sound was given for it."""
    gain_db = float(loud_db(mel_db) - loud_db(other_db) + level_db)
    mixed = np.logaddexp(mel_db * _TO_NEPER, (other_db + np.float32(gain_db)) * _TO_NEPER)
    return mixed / _TO_NEPER, gain_db


def loud_db(mel_db: np.ndarray) -> np.float32:
    """The level that a tenth of the frames exceed."""
    levels = mel_db.max(axis=1)
    return np.partition(levels, len(levels) * 9 // 10)[len(levels) * 9 // 10]


def band_centres_hz() -> np.ndarray:
    """[F] where each band of the log-mel peaks."""
    mel = log_mel()
    low, high = (1127 * np.log1p(hz / 700) for hz in (mel.lowest_hz, mel.highest_hz))
    return 700 * np.expm1(np.linspace(low, high, mel.bands + 2)[1:-1] / 1127)
