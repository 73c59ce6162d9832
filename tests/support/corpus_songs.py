"""Songs of a corpus as the steps of a build hand them on, without any sound."""

from pathlib import Path

import numpy as np

from moodprint.audio.silence import Span
from moodprint.corpus.describe import Description
from moodprint.corpus.quality import Quality
from moodprint.corpus.recording import Recording
from moodprint.corpus.steps import FoundSong
from moodprint.fingerprint.peaks import Peaks, SpectralPeaks

GOOD = Quality(bit_rate_bps=256_000, sample_rate_hz=44_100, bandwidth_hz=16_000.0, clipped=0.0)


def found_song(
    name, emotion="sad", *, path="/music/mix.wav", start_s=0.0, end_s=12.0, details=None, **more
):
    """A song called ``name`` by its id."""
    recording = Recording(Path(path), Path(path).name, emotion, **more)
    return FoundSong(name, recording, f"hash of {path}", Span(start_s, end_s), details or {})


def description(seed=0, quality=GOOD, seconds=30):
    """Harmony and landmarks that no other seed has."""
    random = np.random.default_rng(seed)
    frame = np.sort(random.uniform(0, seconds * 31, seconds * 33)).astype(np.float32)
    octave = random.uniform(0, 4.5, len(frame)).astype(np.float32)
    chroma = random.random((2 * seconds, 24)).astype(np.float32)
    return Description(quality, chroma, SpectralPeaks(Peaks(frame, octave), float(seconds)))
