"""What is measured of a song, once: its quality as a copy, its harmony, its landmarks."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from moodprint.audio.decode import decode
from moodprint.audio.media import probe
from moodprint.audio.resample import resampled
from moodprint.audio.silence import Span
from moodprint.audio.stft import frames, hann, magnitudes
from moodprint.clip import Clip, FloatArray
from moodprint.corpus.harmony import RATE_HZ, chroma
from moodprint.fingerprint.peaks import Peaks, SpectralPeaks, extract_peaks

_FULL_SCALE = 0.999
"""A little below 1: what was clipped and then encoded does not come back whole."""
_SPECTRUM = 8192
"""0.19 s at 44.1 kHz, bins of 5 Hz: fine enough for a bandwidth that is compared in kHz."""
_AUDIBLE_LEVEL = 1e-4
"""80 dB below full scale: above the rounding noise of a bin, below what a lossy encoder keeps."""
_SHARE_OF_LOOKS = 0.1
"""A band counts where a tenth of the looks has sound in it: cymbals come and go, one click does not
make a band."""


@dataclass(frozen=True)
class Quality:
    """How good a copy of a song is. ``bandwidth_hz``: up to where there is sound 80 dB below full
    scale; ``clipped``: the share of samples at full scale."""

    bit_rate_bps: int
    sample_rate_hz: int
    bandwidth_hz: float
    clipped: float

    @property
    def rank(self) -> tuple[float, float, int, int]:
        """Higher is better: unclipped to the per mille, then wide, then richly encoded."""
        clean, wide = -round(self.clipped, 3), round(self.bandwidth_hz, -3)
        return clean, wide, self.bit_rate_bps, self.sample_rate_hz


@dataclass(frozen=True)
class Description:
    """Quality, the chroma [T, 24] and the landmarks of a song."""

    quality: Quality
    chroma: FloatArray
    landmarks: SpectralPeaks

    def to_bytes(self) -> bytes:
        """As ``from_bytes`` reads it; the chroma is kept to three digits."""
        file = io.BytesIO()
        quality = json.dumps(asdict(self.quality))
        np.savez(
            file,
            quality=np.array(quality),
            chroma=self.chroma.astype(np.float16),
            frame=self.landmarks.peaks.frame,
            octave=self.landmarks.peaks.octave,
            duration_s=np.array(self.landmarks.duration_s),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Description:
        """What ``to_bytes`` wrote."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            quality = Quality(**json.loads(str(arrays["quality"])))
            landmarks = SpectralPeaks(
                Peaks(arrays["frame"], arrays["octave"]), float(arrays["duration_s"])
            )
            return cls(quality, arrays["chroma"].astype(np.float32), landmarks)


def describe(path: Path, span: Span) -> Description:
    """Decode a song of a file and measure it.

    Raises:
        all that decode and probe raise.
    """
    clip = decode(path, start_s=span.start_s, stop_s=span.end_s)
    info = probe(path)
    mono = Clip(clip.mono, clip.sample_rate_hz)
    quality = Quality(
        bit_rate_bps=info.bit_rate_bps or 0,
        sample_rate_hz=clip.sample_rate_hz,
        bandwidth_hz=_bandwidth_hz(mono),
        clipped=float(np.mean(np.abs(clip.samples) >= _FULL_SCALE)),
    )
    return Description(quality, chroma(resampled(mono, RATE_HZ).mono), extract_peaks(mono))


def _bandwidth_hz(mono: Clip) -> float:
    """The highest frequency that sounds in a tenth of the looks taken, one a second."""
    samples = np.pad(mono.mono, (0, max(0, _SPECTRUM - mono.samples.shape[1])))
    window = hann(_SPECTRUM, symmetric=True).astype(np.float32)
    looks = frames(samples, _SPECTRUM, mono.sample_rate_hz)
    level = magnitudes(looks, window) / (_SPECTRUM / 4)
    audible = np.quantile(level, 1 - _SHARE_OF_LOOKS, axis=0) > _AUDIBLE_LEVEL
    return float(np.flatnonzero(audible).max(initial=0) * mono.sample_rate_hz / _SPECTRUM)
