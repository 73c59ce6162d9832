"""Signals that are no music though they have pitch or beat: tones, hum, alarms, dialling, engines,
clicks, hearts. Drawn at random, for the presence head to learn from.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter, sawtooth, square

from recipes.ear.teachers import log_mel

Sound = np.ndarray
"""Samples [N] at the rate of the log-mel."""

_DIALLING_HZ = ((697, 770, 852, 941), (1209, 1336, 1477, 1633))
"""The rows and columns of keys, ITU-T Q.23."""


def signal(seconds: float, rng: np.random.Generator) -> Sound:
    """A signal of a random kind, of power 1, with some noise under it."""
    time_s = np.arange(round(seconds * log_mel().sample_rate_hz)) / log_mel().sample_rate_hz
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    sound = kind(time_s, rng)
    sound = sound / max(float(sound.std()), 1e-9)
    noise = rng.standard_normal(len(sound)) * 10 ** (rng.uniform(-60, -10) / 20)
    return (sound + noise).astype(np.float32)


def _tone(time_s: Sound, rng: np.random.Generator) -> Sound:
    """One wave that stays, or wavers a little."""
    hz = np.exp(rng.uniform(np.log(60), np.log(5_000)))
    sway = rng.choice([0, 0, rng.uniform(0, 0.02)]) * np.sin(2 * np.pi * rng.uniform(1, 8) * time_s)
    phase = 2 * np.pi * hz * (time_s + np.cumsum(sway) * (time_s[1] - time_s[0]))
    wave = rng.integers(3)
    if wave == 0:
        return np.sin(phase)
    return sawtooth(phase, rng.choice([0.5, 1.0])) if wave == 1 else square(phase)


def _hum(time_s: Sound, rng: np.random.Generator) -> Sound:
    """Mains and machines: some harmonics of a low tone."""
    hz = rng.choice([50, 60, 100, 120, rng.uniform(25, 200)])
    partials = range(1, int(rng.integers(2, 20)))
    return sum(
        rng.uniform(0, 1) / k * np.sin(2 * np.pi * k * hz * time_s + rng.uniform(0, 6))
        for k in partials
    )


def _alarm(time_s: Sound, rng: np.random.Generator) -> Sound:
    """Beeps, two tones in turn, or a siren that rises and falls."""
    low = rng.uniform(300, 3_200)
    high = low * rng.uniform(1.05, 2)
    beat = rng.uniform(0.2, 5) * time_s
    kind = rng.integers(4)
    if kind == 0:
        return np.sin(2 * np.pi * low * time_s) * (beat % 1 < rng.uniform(0.2, 0.8))
    share = (
        (square(2 * np.pi * beat) + 1) / 2
        if kind == 1
        else (sawtooth(2 * np.pi * beat, 0.5) + 1) / 2
    )
    if kind == 3:
        share = beat % 1
    hz = low + (high - low) * share
    phase = 2 * np.pi * np.cumsum(hz) * (time_s[1] - time_s[0])
    return np.sin(phase) if rng.random() < 0.5 else square(phase)


def _dialling(time_s: Sound, rng: np.random.Generator) -> Sound:
    """Keys of a telephone, or the tones of a line: two tones at a time."""
    if rng.random() < 0.4:
        first, second = rng.choice([350, 400, 425, 440, 480]), rng.choice([425, 440, 450, 620])
        on = (time_s * rng.uniform(0.15, 2)) % 1 < rng.choice([0.33, 0.5, 1.0])
    else:
        each = (time_s * rng.uniform(2, 8)).astype(int)
        keys = rng.integers(0, 4, (2, each[-1] + 1))
        first = np.array(_DIALLING_HZ[0])[keys[0]][each]
        second = np.array(_DIALLING_HZ[1])[keys[1]][each]
        on = (time_s * rng.uniform(2, 8)) % 1 < rng.uniform(0.4, 0.9)
    return on * (np.sin(2 * np.pi * first * time_s) + np.sin(2 * np.pi * second * time_s))


def _engine(time_s: Sound, rng: np.random.Generator) -> Sound:
    """Bursts of noise at the rate of a motor, through a resonance; the rate drifts."""
    rate = rng.uniform(8, 90) * (1 + rng.uniform(0, 0.5) * np.sin(rng.uniform(0.1, 2) * time_s))
    phase = np.cumsum(rate) * (time_s[1] - time_s[0])
    bursts = np.exp(-(phase % 1) * rng.uniform(2, 12)) * (0.3 + rng.random(len(time_s)))
    turn = 2 * np.pi * rng.uniform(60, 800) * (time_s[1] - time_s[0])
    keep = rng.uniform(0.9, 0.995)
    return lfilter([1.0], [1, -2 * keep * np.cos(turn), keep**2], bursts - bursts.mean())


def _clicks(time_s: Sound, rng: np.random.Generator) -> Sound:
    """Ticks, drips, keys, footsteps: short decays, even in time or not."""
    steps = rng.uniform(0.1, 1.2) * (1 + rng.uniform(0, 0.8) * rng.standard_normal(200))
    starts = np.cumsum(np.maximum(steps, 0.05))
    hits = np.zeros(len(time_s))
    places = np.searchsorted(time_s, starts[starts < time_s[-1]])
    hits[places] = rng.uniform(0.5, 1, len(places))
    length = rng.uniform(0.002, 0.08)
    turn = 2 * np.pi * np.exp(rng.uniform(np.log(80), np.log(4_000))) * (time_s[1] - time_s[0])
    keep = np.exp(-(time_s[1] - time_s[0]) / length)
    return lfilter([1.0], [1, -2 * keep * np.cos(turn), keep**2], hits)


def _heart(time_s: Sound, rng: np.random.Generator) -> Sound:
    """Two low thumps a beat."""
    beat = time_s * rng.uniform(0.8, 2.5)
    gap = rng.uniform(0.2, 0.4)
    hz = rng.uniform(35, 110)
    thumps = np.exp(-(beat % 1) * 14) + rng.uniform(0.4, 1) * np.exp(-((beat - gap) % 1) * 14)
    return thumps * np.sin(2 * np.pi * hz * time_s)


_KINDS: tuple[Callable[[Sound, np.random.Generator], Sound], ...] = (
    _tone,
    _tone,
    _hum,
    _alarm,
    _alarm,
    _dialling,
    _engine,
    _clicks,
    _heart,
)
"""Those with many shapes twice."""
