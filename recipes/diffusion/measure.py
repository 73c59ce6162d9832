r"""What an exported generator does with words, and how far its sound is from music.

    python -m recipes.diffusion.measure --bundle BUNDLE --prepared PREPARED --out METRICS.json

For each pair of opposite words the same seeds are drawn with both: ``ordered`` is the share in
which what ``measured`` reads off the spectrogram stands as asked (chance 0.5); ``refused`` is the
share in which a negative prompt lowers it. Distances are kernel distances (an unbiased squared MMD,
as KAD, Chung et al. 2025) on MusiCNN's last hidden layer, times 100: of music that was only watched
from other such music, of what is drawn, of the same music with its third parts of a second
shuffled, and of noise. All sounds are made of spectrograms in the same way. MusiCNN's tags are
among the conditions.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from moodprint.bundle import open_bundle
from moodprint.generation.diffusion.music import DiffusionRequest, DiffusionSettings, draw_music
from moodprint.generation.diffusion.sound import sound_of
from moodprint.models.music_tagger.network import MusicTagger
from recipes.diffusion.measured import MEASURED, measured
from recipes.diffusion.spectrogram import FRAMES, PICTURE, STEP_DB, to_bytes
from recipes.diffusion.watched import watched_groups

OPPOSITES = {
    "brightness": ("bright music", "dark music"),
    "level": ("loud music", "soft music"),
    "density": ("dense music", "sparse music"),
    "pulse": ("steady music", "free music"),
    "liveliness": ("drums", "beatless music"),
    "tempo": ("fast music", "slow music"),
}
REFUSED = {"brightness": "bright", "liveliness": "drums", "density": "dense"}
EMOTIONS = ("angry", "calm", "scary", "happy", "sad")

_S = 5.12


def drawn(bundle: Path, prompt: str, seed: int, negative: str = "") -> np.ndarray:
    """Samples [N] of 5.12 s."""
    request = DiffusionRequest(
        prompt, bundle, negative, settings=DiffusionSettings(seconds=_S, seed=seed)
    )
    return draw_music(request, np.random.default_rng()).samples[0]


def shown(samples: np.ndarray, name: str) -> float:
    """One of ``MEASURED`` of samples."""
    return float(measured(to_bytes(PICTURE.of(samples)[:FRAMES]))[MEASURED.index(name)])


def adherence(bundle: Path, seeds: int) -> dict[str, Any]:
    """The shares ``ordered`` and ``refused`` by what is measured."""
    ordered, refused = {}, {}
    for name, (more, less) in OPPOSITES.items():
        pairs = [
            [shown(drawn(bundle, one, seed), name) for one in (more, less)] for seed in range(seeds)
        ]
        ordered[name] = float(np.mean([high > low for high, low in pairs]))
    for name, word in REFUSED.items():
        pairs = [
            [shown(drawn(bundle, "music", seed, negative), name) for negative in ("", word)]
            for seed in range(seeds)
        ]
        refused[name] = float(np.mean([without > with_it for without, with_it in pairs]))
    return {"seeds": seeds, "ordered": ordered, "refused": refused}


def watched_pictures(prepared: Path, count: int) -> np.ndarray:
    """Pictures [N, T, F] of groups that training did not learn from, one a file."""
    found: dict[str, list[Path]] = {}
    for path in sorted(prepared.glob("*.npz")):
        with np.load(path) as file:
            found.setdefault(str(file["group"]), []).append(path)
    files = [path for group in sorted(watched_groups(found)) for path in found[group]]
    files = [files[at] for at in np.random.default_rng(6).permutation(len(files))[:count]]
    pictures = []
    for path in files:
        with np.load(path) as file:
            pictures.append(file["pictures"][len(file["pictures"]) // 2])
    return np.stack(pictures)


def distances(bundle: Path, prepared: Path, count: int) -> dict[str, float]:
    """Kernel distances from the first half of the watched music."""
    tagger = MusicTagger(open_bundle("musicnn"))
    rng = np.random.default_rng(7)

    def hidden(samples: np.ndarray) -> np.ndarray:
        low = soxr.resample(samples, PICTURE.sample_rate_hz, 16_000)
        return tagger.infer(low)[0].mean(axis=0)

    def sounding(picture: np.ndarray) -> np.ndarray:
        mel_db = picture.astype(np.float32) * np.float32(STEP_DB) + np.float32(PICTURE.floor_db)
        return hidden(sound_of(mel_db, PICTURE))

    def shuffled(picture: np.ndarray) -> np.ndarray:
        parts = picture[: FRAMES // 32 * 32].reshape(-1, 32, picture.shape[1])
        return parts[rng.permutation(len(parts))].reshape(-1, picture.shape[1])

    pictures = watched_pictures(prepared, 2 * count)
    real = np.stack([sounding(each) for each in pictures[:count]])
    groups = {
        "other music": [sounding(each) for each in pictures[count:]],
        "shuffled": [sounding(shuffled(each)) for each in pictures[count:]],
        "drawn": [hidden(drawn(bundle, EMOTIONS[n % 5], 1_000 + n)) for n in range(count)],
        "noise": [hidden(rng.normal(0, 0.1, 160_000).astype(np.float32)) for _ in range(count)],
    }
    return {
        name: round(100 * kernel_distance(real, np.stack(each)), 2) for name, each in groups.items()
    }


def kernel_distance(one: np.ndarray, other: np.ndarray) -> float:
    """The unbiased squared maximum mean discrepancy of embeddings [N, D] and [M, D] under a
    Gaussian kernel as wide as the median distance within ``one``."""

    def squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.square(a[:, None] - b[None]).sum(axis=2)

    within = squares(one, one)
    width = np.median(within[within > 0])

    def mean(a: np.ndarray, b: np.ndarray) -> float:
        kernel = np.exp(-squares(a, b) / (2 * width))
        if a is b:
            return float((kernel.sum() - len(a)) / (len(a) * (len(a) - 1)))
        return float(kernel.mean())

    return mean(one, one) + mean(other, other) - 2 * mean(one, other)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("bundle", "prepared", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    found = {
        "about": "see recipes/diffusion/measure.py",
        "distances": distances(options.bundle, options.prepared, options.count),
        "adherence": adherence(options.bundle, options.seeds),
    }
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
