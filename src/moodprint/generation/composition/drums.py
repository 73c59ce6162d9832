"""Drums made of sines and noise, as drum machines made them, and the patterns they play.

A kick is a sine that falls in pitch, a snare noise over a tone, a hat noise without its lows (Sound
on Sound, "Synth Secrets", 2002: practical percussion synthesis).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from scipy.signal import butter, sosfilt

from moodprint.clip import FloatArray
from moodprint.generation.composition.compose import BEATS

PATTERNS: Mapping[str, Mapping[str, tuple[float, ...]]] = MappingProxyType({
    "": {},
    "pop": {"kick": (0, 2, 2.5), "snare": (1, 3), "hat": tuple(np.arange(0, 4, 0.5))},
    "dance": {"kick": (0, 1, 2, 3), "clap": (1, 3), "hat": (0.5, 1.5, 2.5, 3.5)},
    "rock": {"kick": (0, 0.5, 2, 2.75), "snare": (1, 3), "crash": (0,), "hat": (0, 1, 2, 3)},
    "metal": {"kick": tuple(np.arange(0, 4, 0.25)), "snare": (1, 3), "crash": (0, 2)},
    "heart": {"thud": (0, 0.35)},
    "hits": {"thud": (0,), "scrape": (2.7,)},
})  # fmt: skip
"""Beats of a bar by the drum."""


def drum_track(
    beat: str, beat_s: float, seconds: float, rate_hz: int, rng: np.random.Generator
) -> FloatArray:
    """The drums of a piece [N], mono; silence without a pattern."""
    track = np.zeros(int(seconds * rate_hz) + rate_hz, np.float32)
    sounds = {name: _DRUMS[name](rate_hz, rng) for name in PATTERNS[beat]}
    for name, at_s in _hits(beat, beat_s, seconds, rng):
        sound = sounds[name] * np.float32(rng.uniform(0.75, 1.0))
        first = int(at_s * rate_hz)
        place = track[first : first + len(sound)]
        place += sound[: len(place)]
    return track[: int(seconds * rate_hz)]


def _hits(
    beat: str, beat_s: float, seconds: float, rng: np.random.Generator
) -> Iterator[tuple[str, float]]:
    bars = int(np.ceil(seconds / (BEATS * beat_s)))
    for bar in range(bars):
        last = bar % 4 == 3
        for name, beats in PATTERNS[beat].items():
            for each in beats:
                at_s = (bar * BEATS + each) * beat_s
                rare = name in ("crash", "scrape") and bar % 2 and rng.random() < 0.7
                if at_s < seconds and not rare:
                    yield name, at_s
        if last and "snare" in PATTERNS[beat]:  # a fill leads on
            for each in (3.25, 3.5, 3.75):
                at_s = (bar * BEATS + each) * beat_s
                if at_s < seconds:
                    yield "snare", at_s


def _kick(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(0.35, rate_hz)
    pitch_hz = 45 + 110 * np.exp(-t * 35)
    click = 0.3 * rng.standard_normal(len(t)) * np.exp(-t * 400)
    return _sound(np.sin(2 * np.pi * np.cumsum(pitch_hz) / rate_hz) * np.exp(-t * 9) + click)


def _snare(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(0.25, rate_hz)
    noise = _band(rng.standard_normal(len(t)), (1_200, 12_000), rate_hz)
    return _sound(
        0.7 * noise * np.exp(-t * 18) + 0.5 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 25)
    )


def _clap(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(0.25, rate_hz)
    noise = _band(rng.standard_normal(len(t)), (900, 6_000), rate_hz)
    hands = sum(np.exp(-np.maximum(t - late, 0) * 90) * (t >= late) for late in (0, 0.011, 0.023))
    return _sound(0.5 * noise * (hands + 0.5 * np.exp(-t * 15)))


def _hat(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(0.08, rate_hz)
    noise = _band(rng.standard_normal(len(t)), (7_000, 16_000), rate_hz)
    return _sound(0.3 * noise * np.exp(-t * 60))


def _crash(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(1.6, rate_hz)
    noise = _band(rng.standard_normal(len(t)), (3_000, 16_000), rate_hz)
    return _sound(0.35 * noise * np.exp(-t * 2.6))


def _thud(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(0.9, rate_hz)
    pitch_hz = 34 + 30 * np.exp(-t * 20)
    rumble = _band(rng.standard_normal(len(t)), (30, 120), rate_hz) * np.exp(-t * 4)
    return _sound(np.sin(2 * np.pi * np.cumsum(pitch_hz) / rate_hz) * np.exp(-t * 5) + 0.5 * rumble)


def _scrape(rate_hz: int, rng: np.random.Generator) -> FloatArray:
    t = _times(1.2, rate_hz)
    noise = rng.standard_normal(len(t))
    rough = 0.5 + 0.5 * np.sin(2 * np.pi * (18 + 30 * t) * t)  # 20 to 90 Hz: heard as rough
    return _sound(0.35 * _band(noise, (1_500, 7_000), rate_hz) * rough * (t / 1.2) ** 2)


def _times(seconds: float, rate_hz: int) -> np.ndarray:
    return np.arange(int(seconds * rate_hz)) / rate_hz


def _band(noise: np.ndarray, edges_hz: tuple[float, float], rate_hz: int) -> np.ndarray:
    highest = min(edges_hz[1], 0.45 * rate_hz)
    filtered: np.ndarray = sosfilt(
        butter(2, (edges_hz[0], highest), "bandpass", fs=rate_hz, output="sos"), noise
    )
    return filtered


def _sound(samples: np.ndarray) -> FloatArray:
    return samples.astype(np.float32)


_DRUMS = MappingProxyType({
    "kick": _kick, "snare": _snare, "clap": _clap, "hat": _hat, "crash": _crash,
    "thud": _thud, "scrape": _scrape,
})  # fmt: skip
