"""The acoustic set beside the same descriptors by plain librosa calls, one by one: CPU time.

    python benchmarks/features.py FILE [FILE ...]

Both get the decoded samples; each is called once before it is timed (librosa compiles then).
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable

import librosa
import numpy as np

from moodprint.audio.decode import decode
from moodprint.clip import Clip
from moodprint.features.acoustic import Acoustic
from moodprint.features.descriptors.pitch import HIGHEST_HZ, LOWEST_HZ

RATE_HZ = 22_050


def by_librosa(samples: np.ndarray) -> list[np.ndarray]:
    """What the acoustic set is made of, as the documentation of librosa shows it."""
    spectral = librosa.feature
    return [
        spectral.rms(y=samples),
        spectral.zero_crossing_rate(samples),
        spectral.spectral_centroid(y=samples),
        spectral.spectral_bandwidth(y=samples),
        spectral.spectral_rolloff(y=samples),
        spectral.spectral_flatness(y=samples),
        spectral.spectral_contrast(y=samples),
        spectral.mfcc(y=samples),
        chroma := spectral.chroma_stft(y=samples, tuning=0.0),
        spectral.tonnetz(chroma=chroma),
        librosa.onset.onset_strength(y=samples),
        spectral.tempo(y=samples),
        librosa.yin(samples, fmin=LOWEST_HZ, fmax=HIGHEST_HZ),
    ]


def cpu_s(function: Callable[[Clip], object], clip: Clip) -> float:
    start = time.process_time()
    function(clip)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+")
    warnings.simplefilter("ignore")
    clips = [decode(file, sample_rate_hz=RATE_HZ, mono=True) for file in parser.parse_args().files]
    ours, seconds = Acoustic(), sum(clip.duration_s for clip in clips)
    ours.extract(clips[0]), by_librosa(clips[0].mono)

    def each(function: Callable[[Clip], object]) -> float:
        return sum(min(cpu_s(function, clip) for _ in range(3)) for clip in clips)

    mine, peer = each(ours.extract), each(lambda clip: by_librosa(clip.mono))
    print(f"{'':24}{'CPU s':>8}{'x real time, one core':>24}")
    print(f"{'acoustic, 447 columns':24}{mine:8.2f}{seconds / mine:24.0f}")
    print(f"{'librosa, contours only':24}{peer:8.2f}{seconds / peer:24.0f}")
    print(f"acoustic takes 1/{peer / mine:.1f} of the time")


if __name__ == "__main__":
    main()
