"""Gathers what the cues need while a sound streams past: little, and the same for every second."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from moodprint.audio.resample import StreamResampler
from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.articulation import level_db
from moodprint.recognition.explanation.cues.brightness import spectral_weight
from moodprint.recognition.explanation.cues.key import pitch_classes
from moodprint.recognition.explanation.cues.loudness import weighted_power
from moodprint.recognition.explanation.cues.onsets import LOG_MEL, OnsetStrength
from moodprint.recognition.explanation.cues.partials import partials
from moodprint.recognition.explanation.cues.register import register
from moodprint.recognition.explanation.cues.roughness import roughness
from moodprint.recognition.explanation.cues.spectra import (
    FRAMES_PER_ROW,
    SAMPLE_RATE_HZ,
    SpectrumStream,
)


@dataclass(frozen=True)
class Contours:
    """What was gathered: F frames at 64 a second, R rows of half a second (sums over a row's eight
    spectra, so that sums over rows stand for longer stretches)."""

    strength: FloatArray
    """[F] onset strength."""
    level_db: FloatArray
    """[F] level."""
    power: FloatArray
    """[R] K-weighted mean square, summed."""
    weight: FloatArray
    """[R, 2] sums of magnitude, and of frequency times magnitude."""
    rough: FloatArray
    """[R, 2] sums of roughness times magnitude of partials, and of that magnitude."""
    classes: FloatArray
    """[R, 36] pitch classes."""
    pitches: FloatArray
    """[R, 2] sums of pitch times salience, and of salience."""


class CueListener:
    """Listens beside somebody else: ``through`` passes blocks on as they came.

    ``sample_rate_hz`` is that of the blocks; cues are heard at 16 kHz. About 1.5 kB a second are
    kept.
    """

    def __init__(self, sample_rate_hz: int = SAMPLE_RATE_HZ) -> None:
        self._resampler = (
            None
            if sample_rate_hz == SAMPLE_RATE_HZ
            else StreamResampler(sample_rate_hz, SAMPLE_RATE_HZ)
        )
        self._rows: list[tuple[FloatArray, ...]] = []
        self._frames: list[tuple[FloatArray, FloatArray]] = []

    def through(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """The blocks [n], each passed on once it is heard."""
        waiting: deque[FloatArray] = deque()
        strength = OnsetStrength()
        for piece in LOG_MEL.stream(self._spectra_heard(blocks, waiting)):
            self._frames.append((strength.push(piece), level_db(piece)))
            while waiting:
                yield waiting.popleft()
        yield from waiting

    def contours(self) -> Contours:
        """What was heard; to be asked once all blocks have gone through."""
        strength, level = (np.concatenate(part) for part in zip(*self._frames, strict=True))
        rows = [np.concatenate(part) for part in zip(*self._rows, strict=True)]
        return Contours(strength, level, *rows)

    def _spectra_heard(
        self, blocks: Iterable[FloatArray], waiting: deque[FloatArray]
    ) -> Iterator[FloatArray]:
        """The blocks at 16 kHz, their spectra summed up; as they came they go to ``waiting``."""
        spectra = SpectrumStream()
        for block in chain(blocks, [None]):
            if block is not None:
                waiting.append(block)
            heard = self._at_16_khz(block)
            for magnitudes in chain(
                spectra.push(heard), () if block is not None else spectra.finish()
            ):
                self._rows.append(_summed_up(magnitudes))
            yield heard

    def _at_16_khz(self, block: FloatArray | None) -> FloatArray:
        """The block; for None what the resampler still holds back."""
        if self._resampler is None:
            return np.zeros(0, np.float32) if block is None else block
        resampler = self._resampler
        heard = resampler.finish() if block is None else resampler.push(block[None])
        return np.asarray(heard[0])


def _summed_up(magnitudes: FloatArray) -> tuple[FloatArray, ...]:
    """Contours of whole rows, from the spectra of their frames."""
    heard = partials(magnitudes)
    size = heard.magnitude.sum(axis=1)
    pitch, salience = register(heard).T
    frames = (
        weighted_power(magnitudes),
        spectral_weight(magnitudes),
        np.stack([roughness(heard) * size, size], axis=1),
        pitch_classes(heard),
        np.stack([pitch * salience, salience], axis=1),
    )
    return tuple(_row_sums(part) for part in frames)


def _row_sums(frames: FloatArray) -> FloatArray:
    """[8 r, ...] to [r, ...]."""
    sums: FloatArray = frames.reshape(-1, FRAMES_PER_ROW, *frames.shape[1:]).sum(axis=1)
    return sums
