"""A labelled item as a listener may get it: through a telephone, in a room, under a voice.

Heads are fitted on each item as it is and changed in one of these ways, so that what a change does
to the features counts less for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from lessons import Lesson, loud_db
from prepare import FLOOR_DB, from_bytes, to_bytes
from scipy.signal import lfilter
from teachers import log_mel

_DB_AN_OCTAVE = 36.0
_TO_NEPER = np.float32(np.log(10) / 10)


def changed(lesson: Lesson, voices: Sequence[Lesson], rng: np.random.Generator) -> Lesson:
    """The same item after a band limit, in a room, or under one of the voices; half of the items
    get a voice, the commonest change of music in a video."""
    mel_db = from_bytes(lesson.mel)
    kind = rng.choice(["band", "low", "room", "voice"], p=[0.15, 0.15, 0.2, 0.5])
    chroma = lesson.chroma
    if kind == "band":
        mel_db = _limited(mel_db, rng.uniform(150, 400), rng.uniform(3_000, 4_000))
    elif kind == "low":
        mel_db = _limited(mel_db, 1.0, rng.uniform(2_500, 6_000))
    elif kind == "room":
        mel_db = _in_a_room(mel_db, falls_60_db_s=rng.uniform(0.3, 1.5))
    else:
        mel_db, chroma = _under(lesson, voices[rng.integers(len(voices))], rng.uniform(-6, 8))
    return replace(lesson, mel=to_bytes(mel_db), chroma=chroma)


def voices(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The speech among all lessons."""
    spoken = [lesson for lesson in lessons if lesson.item.presence == "speech"]
    return [lesson for lesson in spoken if lesson.chroma is not None]


def _limited(mel_db: np.ndarray, lowest_hz: float, highest_hz: float) -> np.ndarray:
    hz = band_centres_hz()
    octaves = np.maximum(0, np.log2(lowest_hz / hz)) + np.maximum(0, np.log2(hz / highest_hz))
    return np.maximum(mel_db - (_DB_AN_OCTAVE * octaves).astype(np.float32), FLOOR_DB)


def _in_a_room(mel_db: np.ndarray, falls_60_db_s: float) -> np.ndarray:
    """With an echo that is as loud as the sound itself and dies away exponentially."""
    power = np.exp(mel_db * _TO_NEPER)
    decay = 10 ** (-6 / (falls_60_db_s * log_mel().frames_per_second))
    echo = lfilter([1 - decay], [1, -decay], power, axis=0)
    return (np.log(power + echo) / _TO_NEPER).astype(np.float32)


def _under(music: Lesson, voice: Lesson, level_db: float) -> tuple[np.ndarray, np.ndarray]:
    """The music with a voice that says its text over and over, ``level_db`` above it."""
    mel_db = from_bytes(music.mel)
    spoken = np.resize(from_bytes(voice.mel), mel_db.shape)
    gain_db = loud_db(mel_db) - loud_db(spoken) + level_db
    mixed = np.logaddexp(mel_db * _TO_NEPER, (spoken + gain_db) * _TO_NEPER) / _TO_NEPER
    # Chroma are sums of roots of magnitudes, so their fourth powers add up about as powers do.
    sung = np.resize(voice.chroma, music.chroma.shape) * 10 ** (gain_db / 40)
    return mixed, ((music.chroma**4 + sung**4) ** 0.25).astype(np.float32)


def band_centres_hz() -> np.ndarray:
    """[F] where each band of the log-mel peaks."""
    mel = log_mel()
    low, high = (1127 * np.log1p(hz / 700) for hz in (mel.lowest_hz, mel.highest_hz))
    return 700 * np.expm1(np.linspace(low, high, mel.bands + 2)[1:-1] / 1127)
