"""A room around a sound: its echoes and its tail, different at both ears."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from moodprint.clip import FloatArray

_EARLY_S = (0.011, 0.019, 0.029, 0.041)
"""First reflections of a room of some 8 m (Moorer, Computer Music Journal 1979: 10 to 80 ms)."""


def in_a_room(
    sound: FloatArray, room_s: float, wet: float, rate_hz: int, rng: np.random.Generator
) -> FloatArray:
    """[2, N] with the sound of a room that falls by 60 dB in ``room_s``; the same length, so leave
    silence at the end for the tail. ``wet`` in [0, 1] is how much of the room is heard.

    The tail is noise that decays (Moorer 1979), treble sooner than bass, as in air.
    """
    if wet == 0:
        return sound
    length = int(room_s * rate_hz)
    times = np.arange(length) / rate_hz
    wets = []
    for side in sound:
        tail = rng.standard_normal(length) * np.exp(-6.9 * times / room_s)
        dull = sosfilt(butter(1, 2_500, fs=rate_hz, output="sos"), tail)
        tail = dull + (tail - dull) * np.exp(-6.9 * times / room_s)
        for late_s in _EARLY_S:
            place = int(late_s * rng.uniform(0.9, 1.1) * rate_hz)
            if place < length:
                tail[place] += 6 * rng.choice((-1, 1))
        tail /= np.sqrt(np.sum(tail**2))
        wets.append(fftconvolve(side, tail)[: len(side)])
    wet_sound = np.stack(wets).astype(np.float32)
    mixed: FloatArray = (1 - wet) * sound + np.float32(wet) * wet_sound
    return mixed
