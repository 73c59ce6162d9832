"""Where the partials of each pitch lie in a melspecgram, told to a network instead of learned.

A plain network has to grow 61 combs of partials out of 2 x 16 pixels, which takes days of a GPU.
Given these planes it is in tune from the start, and has timbre alone to learn; the idea is that
of DDSP (Engel et al., ICLR 2020), brought to GANSynth's representation.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.architecture import HIGHEST_PITCH, LOWEST_PITCH
from moodprint.generation.note_generator.mel import band_centres_hz, phase_reach
from moodprint.generation.note_generator.stft import FFT_SIZE, HOP, SAMPLE_RATE_HZ
from moodprint.pitch import midi_to_hz

PHASE_PLANE = 0
_REACH = 0.8
"""Of tanh, where phase steps of a whole half circle lie, as normalisers have it."""
_LOBE_HZ = SAMPLE_RATE_HZ / FFT_SIZE * 1.2


@cache
def partial_planes() -> FloatArray:
    """Planes [61, 8, 1024] by pitch and mel band, the same at all times, in about [-1, 1].

    0: the phase step of the nearest partial, before the network's last tanh. 1: how near that
    partial is. 2 and 3: cosine and sine of the place between partials. 4: plane 0 at partials
    alone. 5: below the first partial. 6: the number of the partial, logarithmic. 7: the pitch.
    """
    pitch = np.arange(LOWEST_PITCH, HIGHEST_PITCH + 1)[:, None]
    pitch_hz = midi_to_hz(pitch)
    place = band_centres_hz() / pitch_hz
    number = np.maximum(np.round(place), 1)
    step = 2 * HOP / SAMPLE_RATE_HZ * number * pitch_hz
    step = np.mod(step + 1, 2) - 1
    step = np.arctanh(_REACH * step * phase_reach())
    near = np.exp(-(((place - number) * pitch_hz / _LOBE_HZ) ** 2))
    planes = [
        step,
        near,
        np.cos(2 * np.pi * place),
        np.sin(2 * np.pi * place),
        step * near,
        place < 0.5,
        np.log2(np.maximum(place, 0.5)) / 8,
        np.broadcast_to((pitch - 54) / 30, place.shape),
    ]
    return np.stack(planes, axis=1).astype(np.float32)
