"""Spectral peaks: the landmarks that survive codecs, speed, pitch and speech on top.

The sound is taken at 8 kHz; a peak is a point of the log-power spectrogram that no other within
130 ms and 125 Hz exceeds. Both its time and its frequency are interpolated between the bins.
Peaks as landmarks: Wang, "An Industrial-Strength Audio Search Algorithm" (ISMIR 2003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.audio.decode import stream
from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.resample import resampled
from moodprint.audio.stft import FrameStream, hann, powers
from moodprint.clip import Clip, FloatArray
from moodprint.engine import telling

RATE_HZ = 8000
"""Telephones and the leanest codecs keep no more than the band below 4 kHz."""
WINDOW = 1024
HOP = 256
"""128 ms every 32 ms. docs/matching.md compares windows of 64 to 256 ms; half the hop finds a
hundredth more of the peaks again for twice the work."""
FRAME_S = HOP / RATE_HZ
LOWEST_HZ = 150.0
"""Below, a bin of 7.8 Hz is wider than a semitone: such a peak says little of its pitch."""
HIGHEST_HZ = 3500.0
"""With the reach of a peak above it, still clear of where the resampling to 8 kHz rolls off."""

_REACH_FRAMES = 4
_REACH_BINS = 16
"""130 ms and 125 Hz: 33 peaks a second, few and far apart in frequency rather than in time, which
docs/matching.md found to be the best bargain of what survives against what must be stored."""
_FLOOR_LOG_POWER = -9.0
"""87 dB below a full-scale sine: under this lies the rounding noise of 16-bit sound."""
_LEAST_POWER = np.float32(1e-7)
"""Added before the logarithm: far below the floor, so that silence is finite and has no peak."""
_CHUNK_FRAMES = 2048
"""65 s at a time: 4 MB of spectrogram, whatever the length of the file."""
_BIN_HZ = RATE_HZ / WINDOW
_WINDOW_SHAPE = hann(WINDOW).astype(np.float32)


@dataclass(frozen=True)
class Peaks:
    """Peaks in order of time.

    ``frame`` float32 [P] is the time in frames of 32 ms from the start of the sound (the middle
    of the analysis window); ``octave`` float32 [P] is log2 of the frequency over 150 Hz, in
    [-0.1, 4.6].
    """

    frame: FloatArray
    octave: FloatArray

    def __len__(self) -> int:
        return len(self.frame)

    def between(self, start: float, stop: float) -> Peaks:
        """The peaks of frames in [start, stop)."""
        first, last = np.searchsorted(self.frame, [start, stop])
        return Peaks(self.frame[first:last], self.octave[first:last])


@dataclass(frozen=True)
class SpectralPeaks:
    """The peaks of a sound and its length; the warnings of its decoding, where it was a file."""

    peaks: Peaks
    duration_s: float
    warnings: tuple[str, ...] = ()


def extract_peaks(
    source: str | Path | Clip, options: DecodeOptions = DEFAULT_OPTIONS
) -> SpectralPeaks:
    """Peaks of a file (streamed: memory does not grow with its samples) or of a clip.

    ``options`` say what of a file is decoded.

    Raises:
        InputError and its kinds: the file cannot be decoded.
    """
    if isinstance(source, Clip):
        return peaks_of_blocks([resampled(Clip(source.mono, source.sample_rate_hz), RATE_HZ).mono])
    decoded = stream(source, sample_rate_hz=RATE_HZ, options=options)
    blocks = telling(decoded, decoded.expected_s, RATE_HZ)
    return replace(peaks_of_blocks(blocks), warnings=tuple(decoded.warnings))


def peaks_of_blocks(blocks: Iterable[FloatArray]) -> SpectralPeaks:
    """Peaks of samples [n] at RATE_HZ that come in blocks of any lengths."""
    count = 0

    def counted() -> Iterator[FloatArray]:
        nonlocal count
        for block in blocks:
            count += len(block)
            yield block

    parts = [_peaks_of(rows, first) for rows, first in _overlapping(_spectrogram(counted()))]
    return SpectralPeaks(_joined(parts), count / RATE_HZ)


def _joined(parts: list[Peaks]) -> Peaks:
    if not parts:
        return Peaks(np.zeros(0, np.float32), np.zeros(0, np.float32))
    frame = np.concatenate([part.frame for part in parts])
    octave = np.concatenate([part.octave for part in parts])
    order = np.lexsort((octave, frame))
    return Peaks(frame[order], octave[order])


def _spectrogram(blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
    """Log power [T, F] in runs of whole frames; nothing for less sound than one window."""
    framing = FrameStream(WINDOW, HOP)
    for block in blocks:
        for framed in framing.push(block):
            yield np.log(powers(framed, _WINDOW_SHAPE) + _LEAST_POWER)


def _overlapping(runs: Iterable[FloatArray]) -> Iterator[tuple[FloatArray, int]]:
    """Longer runs [T, F] that overlap by twice the reach of a peak, with their first frame."""
    held: list[FloatArray] = []
    first = 0
    for run in runs:
        held.append(run)
        if sum(map(len, held)) >= _CHUNK_FRAMES:
            rows = np.concatenate(held)
            yield rows, first
            first += len(rows) - 2 * _REACH_FRAMES
            held = [rows[-2 * _REACH_FRAMES :]]
    if held:
        yield np.concatenate(held), first


def _peaks_of(rows: FloatArray, first: int) -> Peaks:
    """Peaks of a run of rows [T, F], but for those nearer to its ends than their reach."""
    low, high = int(LOWEST_HZ / _BIN_HZ), int(HIGHEST_HZ / _BIN_HZ)
    band = rows[:, low - _REACH_BINS : high + _REACH_BINS]
    highest = _running_maximum(_running_maximum(band.T, _REACH_BINS).T, _REACH_FRAMES)
    inner = rows[_REACH_FRAMES : len(rows) - _REACH_FRAMES, low:high]
    time, pitch = np.nonzero((inner >= highest) & (inner > _FLOOR_LOG_POWER))
    time, pitch = time + _REACH_FRAMES, pitch + low
    frame = time + _vertex(rows[time - 1, pitch], rows[time, pitch], rows[time + 1, pitch])
    place = pitch + _vertex(rows[time, pitch - 1], rows[time, pitch], rows[time, pitch + 1])
    centre = WINDOW / 2 / HOP
    return Peaks(
        (frame + first + centre).astype(np.float32),
        np.log2(place * _BIN_HZ / LOWEST_HZ).astype(np.float32),
    )


def _vertex(before: FloatArray, at: FloatArray, after: FloatArray) -> FloatArray:
    """Where between the neighbours a parabola through three values peaks, in [-0.5, 0.5]."""
    curve = np.minimum(before - 2 * at + after, np.float32(-1e-6))  # 0 where all three are equal
    return np.clip(np.float32(0.5) * (before - after) / curve, -0.5, 0.5)


def _running_maximum(rows: FloatArray, reach: int) -> FloatArray:
    """The highest of rows i - reach .. i + reach, for each row that has them all: [T - 2 reach]."""
    width, span = 2 * reach + 1, 1
    while span * 2 <= width:
        rows = np.maximum(rows[:-span], rows[span:])
        span *= 2
    rest = width - span
    return np.maximum(rows[: len(rows) - rest], rows[rest:]) if rest else rows
