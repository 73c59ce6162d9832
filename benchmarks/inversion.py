"""Sound back from spectrograms: phases of nothing, at random, by gradients; and Griffin-Lim.

    python benchmarks/inversion.py [--music FILE ...] [--seconds 4] [--iterations 32]

Of each file a stretch in the middle becomes magnitudes, and sound again without its phases.
Spectral convergence is the relative misfit of the magnitudes of the result, less is better;
log-spectral distance that of their logarithms, of bins within 60 dB of the loudest. "mel" goes
through the 512 bands of a picture and is measured on these. Each cell is a mean over the files.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.audio.decode import decode
from moodprint.audio.media import probe
from moodprint.clip import FloatArray
from moodprint.generation.spectrogram.parameters import PictureParameters
from moodprint.generation.spectrogram.phases import gradient_phases, griffin_lim
from moodprint.generation.spectrogram.transform import Transform


@dataclass(frozen=True)
class Way:
    """Where phases begin, and by which iterations they are made fit."""

    name: str
    start: str
    iterated: bool = False
    momentum: float = 0.99


WAYS = (
    Way("zeros", "zeros"),
    Way("random", "random"),
    Way("random + Griffin-Lim", "random", iterated=True, momentum=0.0),
    Way("random + fast Griffin-Lim", "random", iterated=True),
    Way("gradients", "gradients"),
    Way("gradients + Griffin-Lim", "gradients", iterated=True, momentum=0.0),
    Way("gradients + fast Griffin-Lim", "gradients", iterated=True),
)


def inverted(magnitude: FloatArray, way: Way, transform: Transform, iterations: int) -> FloatArray:
    """Samples of magnitudes [T, F], found in this way."""
    if way.start == "gradients":
        phases = gradient_phases(magnitude, transform)
    elif way.start == "random":
        phases = np.random.default_rng(1).random(magnitude.shape) * 2 * np.pi
    else:
        phases = np.zeros(magnitude.shape)
    return griffin_lim(
        magnitude, phases, transform, iterations if way.iterated else 0, way.momentum
    )


def misfits(found: FloatArray, asked: FloatArray) -> tuple[float, float]:
    """Spectral convergence and log-spectral distance, both in dB, of magnitudes [T, F]."""
    count = min(len(found), len(asked))
    found, asked = found[:count], asked[:count]
    convergence = 20 * np.log10(np.linalg.norm(found - asked) / np.linalg.norm(asked))
    floor = asked.max() / 1000
    gaps = 20 * np.log10(np.maximum(found, floor) / np.maximum(asked, floor))
    return float(convergence), float(np.sqrt(np.mean(gaps[asked > floor] ** 2)))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, nargs="+", default=[Path("examples/song.mp3")])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--iterations", type=int, default=32)
    asked = parser.parse_args()
    transform = Transform.of_pictures(PictureParameters())
    rows: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for path in asked.music:
        middle_s = max(0.0, (probe(path).duration_s or 0) / 2 - asked.seconds / 2)
        stop_s = middle_s + asked.seconds
        clip = decode(path, sample_rate_hz=44_100, mono=True, start_s=middle_s, stop_s=stop_s)
        samples = clip.samples[0]
        exact = np.abs(transform.spectra(samples)).astype(np.float32)
        mel = transform.mel(samples)
        for source, magnitude in (("spectrum", exact), ("mel", transform.filled(mel))):
            for way in WAYS:
                start = time.perf_counter()
                found = inverted(magnitude, way, transform, asked.iterations)
                took = (time.perf_counter() - start) / asked.seconds
                if source == "mel":
                    scores = misfits(transform.mel(found), mel)
                else:
                    scores = misfits(np.abs(transform.spectra(found)), exact)
                rows.setdefault((source, way.name), []).append((*scores, took))
    print("| from | phases | convergence dB | log-spectral distance dB | s a second |")
    print("|---|---|---|---|---|")
    for (source, name), values in rows.items():
        convergence, distance, took = np.mean(values, axis=0)
        print(f"| {source} | {name} | {convergence:.1f} | {distance:.1f} | {took:.2f} |")


if __name__ == "__main__":
    main()
