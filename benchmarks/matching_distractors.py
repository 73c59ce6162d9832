"""Songs that load an index like real ones and are nobody's match: see matching.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from moodprint.fingerprint import IndexedTrack, MatchIndex
from moodprint.fingerprint.peaks import FRAME_S, Peaks, SpectralPeaks
from moodprint.fingerprint.segment import merged, segment_of

_BATCH = 500


def distractors(index: MatchIndex, real: set[Path], size: int, seed: int) -> None:
    """Grow the index to ``size`` tracks with warped medleys of the real ones."""
    known = [sound for path in sorted(real) if (sound := index.peaks_of(str(path)))]
    random = np.random.default_rng(seed)
    store = index._store
    with store.writing():
        number = len(index.tracks)
        while number < size:
            batch = range(number, min(number + _BATCH, size))
            store.commit(merged([_song(each, known, random) for each in batch]))
            number = batch.stop


def _song(number: int, known: list[SpectralPeaks], random: np.random.Generator):
    sound = _medley(known, float(random.uniform(130, 270)), random)
    return segment_of(
        IndexedTrack(f"distractor {number}", f"{number:032x}", sound.duration_s), sound
    )


def _medley(
    known: list[SpectralPeaks], duration_s: float, random: np.random.Generator
) -> SpectralPeaks:
    """Sections of 10 to 25 s of three songs behind each other, one warp for all."""
    chosen = [known[at] for at in random.integers(0, len(known), 3)]
    stretch = float(random.choice([random.uniform(0.55, 0.75), random.uniform(1.33, 1.6)]))
    shift = float(random.choice([-1, 1]) * random.uniform(5, 9) / 12)
    frames, octaves, at_s = [], [], 0.0
    while at_s < duration_s:
        source = chosen[random.integers(len(chosen))]
        length_s = float(random.uniform(10, 25))
        first = float(random.uniform(0, max(1.0, source.duration_s - length_s))) / FRAME_S
        part = source.peaks.between(first, first + length_s / FRAME_S)
        frames.append((part.frame - first) * stretch + at_s / FRAME_S)
        octaves.append(part.octave + shift)
        at_s += length_s * stretch
    frame, octave = np.concatenate(frames), np.concatenate(octaves)
    audible = (octave > 0) & (octave < 4.5)
    return SpectralPeaks(
        Peaks(frame[audible].astype(np.float32), octave[audible].astype(np.float32)), at_s
    )
