"""What is measured of a song, once: its quality as a copy, its harmony, its landmarks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from moodprint.audio.decode import AudioStream
from moodprint.audio.downmix import Downmix
from moodprint.audio.media import probe
from moodprint.audio.resample import StreamResampler
from moodprint.audio.silence import Span
from moodprint.clip import FloatArray
from moodprint.corpus.harmony import RATE_HZ as HARMONY_RATE_HZ
from moodprint.corpus.harmony import ChromaMeter
from moodprint.corpus.quality import Quality, QualityMeter
from moodprint.errors import EmptyFileError
from moodprint.fingerprint.peaks import RATE_HZ as PEAKS_RATE_HZ
from moodprint.fingerprint.peaks import Peaks, SpectralPeaks, peaks_of_blocks


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
    """Measure a song of a file while it is decoded, in memory that grows by 5 kB a second.

    Raises:
        EmptyFileError: there is no sound in the span; and all that AudioStream and probe raise.
    """
    source = AudioStream(path, mono=False, start_s=span.start_s, stop_s=span.end_s)
    quality, harmony = QualityMeter(source.sample_rate_hz), ChromaMeter()
    landmarks = peaks_of_blocks(_for_peaks(source, quality, harmony))
    if not quality.samples:
        raise EmptyFileError(f"{path}: holds no audio samples from {span.start_s:g} s on")
    bit_rate_bps = probe(path).bit_rate_bps or 0
    return Description(quality.finish(bit_rate_bps), harmony.finish(), landmarks)


def _for_peaks(
    source: AudioStream, quality: QualityMeter, harmony: ChromaMeter
) -> Iterator[FloatArray]:
    """The blocks at the rate of peaks; quality and harmony are measured as they pass."""
    downmix = Downmix()
    to_harmony = StreamResampler(source.sample_rate_hz, HARMONY_RATE_HZ)
    to_peaks = StreamResampler(source.sample_rate_hz, PEAKS_RATE_HZ)
    for block in source:
        mono = downmix(block)
        quality.push(block, mono[0])
        harmony.push(to_harmony.push(mono)[0])
        yield to_peaks.push(mono)[0]
    harmony.push(to_harmony.finish()[0])
    yield to_peaks.finish()[0]
