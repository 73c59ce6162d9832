"""Notes turned into what the networks train on, once and for all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.engine import run
from moodprint.generation.note_generator.architecture import BANDS, FRAMES, Normalizer
from moodprint.generation.note_generator.representation import (
    melspecgram_from_spectra,
    melspecgram_from_waveform,
)
from moodprint.generation.note_generator.stft import stft
from moodprint.generation.note_quality.note_shards import NoteSet, as_float
from recipes.note_generator.phase_alignment import aligned

_REACH = 0.8
"""How much of tanh's reach the values of the training notes take, as in GANSynth."""
_CHUNK = 16
"""Notes that a process turns at a time: 8 MB of answers to be sent back."""
_LEAST_RANGE = 1e-3
"""Of magnitudes, so that silence alone has a normaliser, too."""

HalfArray = npt.NDArray[np.float16]


def melspecgrams(notes: NoteSet, workers: int | None = None, *, align: bool = False) -> HalfArray:
    """The notes as [B, 2, 128, 1024], channels first, in 16 bits: 0.5 MB a note.

    ``align`` brings their partials to one phase at the start (``phase_alignment``).
    """
    chunks = np.split(notes.samples, range(_CHUNK, len(notes.samples), _CHUNK))
    values = np.empty((len(notes.samples), 2, FRAMES, BANDS), np.float16)
    outcomes = run(_aligned_chunk if align else _chunk, chunks, workers=workers)
    for number, outcome in enumerate(outcomes):
        values[number * _CHUNK : (number + 1) * _CHUNK] = outcome.unwrap()
    return values


def _chunk(samples: npt.NDArray[np.int16]) -> HalfArray:
    return _halved(melspecgram_from_waveform(as_float(samples)))


def _aligned_chunk(samples: npt.NDArray[np.int16]) -> HalfArray:
    return _halved(melspecgram_from_spectra(aligned(stft(as_float(samples)))))


def _halved(melspecgram: FloatArray) -> HalfArray:
    return np.ascontiguousarray(melspecgram.astype(np.float16).transpose(0, 3, 1, 2))


def fitted_normalizer(values: HalfArray) -> Normalizer:
    """The constants that bring magnitudes between the lowest and the highest to -0.8 .. 0.8, and
    phase steps to +-0.8, as GANSynth's do."""
    magnitude = values[:, 0]
    low, high = float(magnitude.min()), float(magnitude.max())
    a = 2 * _REACH / max(high - low, _LEAST_RANGE)
    return Normalizer(a, -_REACH - a * low, _REACH, 0.0)


def normalized(values: HalfArray, normalizer: Normalizer) -> HalfArray:
    """Values [B, 2, T, F] as the networks put them out; phases out of reach are cut."""
    a = np.array([normalizer.magnitude_a, normalizer.phase_a], np.float16)[:, None, None]
    b = np.array([normalizer.magnitude_b, normalizer.phase_b], np.float16)[:, None, None]
    inside: HalfArray = values * a
    inside += b
    return np.clip(inside, -1, 1, out=inside)
