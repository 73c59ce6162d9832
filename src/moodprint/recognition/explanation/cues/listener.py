"""Gathers what the cues need while a sound streams past: little, and the same for every second."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from moodprint.audio.resample import StreamResampler
from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.articulation import level_db
from moodprint.recognition.explanation.cues.contours import LOG_MEL, Contours, SpectralFrames
from moodprint.recognition.explanation.cues.onsets import OnsetStrength
from moodprint.recognition.explanation.cues.recording import Recording
from moodprint.recognition.explanation.cues.spectra import (
    FRAMES_PER_ROW,
    SAMPLE_RATE_HZ,
    SpectrumStream,
)
from moodprint.recognition.explanation.cues.table import CONTOURS


class CueListener:
    """Listens beside somebody else: ``through`` passes blocks on as they came.

    ``sample_rate_hz`` is that of the blocks; cues are measured at 16 kHz. About 1.5 kB a second
    are kept.
    """

    def __init__(self, sample_rate_hz: int = SAMPLE_RATE_HZ) -> None:
        self._resampler = (
            None
            if sample_rate_hz == SAMPLE_RATE_HZ
            else StreamResampler(sample_rate_hz, SAMPLE_RATE_HZ)
        )
        self._rows: list[list[FloatArray]] = []
        self._frames: list[tuple[FloatArray, FloatArray]] = []

    def through(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """The blocks [n], each passed on once its cues are gathered."""
        waiting: deque[FloatArray] = deque()
        strength = OnsetStrength()
        for piece in LOG_MEL.stream(self._gathered(blocks, waiting)):
            self._frames.append((strength.push(piece), level_db(piece)))
            while waiting:
                yield waiting.popleft()
        yield from waiting

    def contours(self) -> Contours:
        """What was gathered; to be asked once all blocks have gone through."""
        strength, level = (np.concatenate(part) for part in zip(*self._frames, strict=True))
        rows = (np.concatenate(part) for part in zip(*self._rows, strict=True))
        return Contours(strength, level, dict(zip(CONTOURS, rows, strict=True)))

    def _gathered(
        self, blocks: Iterable[FloatArray], waiting: deque[FloatArray]
    ) -> Iterator[FloatArray]:
        """The blocks at 16 kHz, their spectra summed up; as they came they go to ``waiting``."""
        spectra = SpectrumStream()
        for block in chain(blocks, [None]):
            if block is not None:
                waiting.append(block)
            samples = self._at_16_khz(block)
            rest = spectra.finish() if block is None else ()
            for magnitudes in chain(spectra.push(samples), rest):
                frames = SpectralFrames(magnitudes)
                self._rows.append([_row_sums(contour(frames)) for contour in CONTOURS])
            yield samples

    def _at_16_khz(self, block: FloatArray | None) -> FloatArray:
        """The block; for None what the resampler still holds back."""
        if self._resampler is None:
            return np.zeros(0, np.float32) if block is None else block
        resampler = self._resampler
        samples = resampler.finish() if block is None else resampler.push(block[None])
        return np.asarray(samples[0])


def recorded(samples: FloatArray) -> Recording:
    """A whole sound [N] at 16 kHz, that nobody else listens to."""
    listener = CueListener()
    for _ in listener.through([samples]):
        pass
    return Recording(listener.contours())


def _row_sums(frames: FloatArray) -> FloatArray:
    """[8 r, ...] to [r, ...]."""
    return frames.reshape(-1, FRAMES_PER_ROW, *frames.shape[1:]).sum(axis=1)
