r"""Music as pictures of 5.12 s, each with what is heard in it.

    python -m recipes.diffusion.prepare --data DATA --pool POOL --made MADE --out PREPARED

What the generator learns from: the games' music that carries no label, solo piano of EMOPIA and
VGMIDI played on many instruments, MUSIFEAST-17, and pieces of our composer. 4Q, the labelled game
music, ``wild_moods`` and ``scp_fear`` stay out, so that music made by the generator can be tried as
training music for them.

One .npz a file; what is there is not made again.
"""

from __future__ import annotations

import argparse
import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from moodprint.audio.decode import decode
from moodprint.bundle import open_bundle
from moodprint.errors import MoodprintError
from moodprint.files import atomic_file
from moodprint.models.music_tagger.network import PATCH_S, MusicTagger
from moodprint.recognition.recogniser import load_recogniser
from recipes.diffusion.composed import composed
from recipes.diffusion.conditions import HEARD_BY_NETWORKS, played, unknown
from recipes.diffusion.spectrogram import FRAMES, PICTURE, to_bytes
from recipes.ear.prepare import levelled
from recipes.ear.sources import Item, all_items, rows
from recipes.ear.teachers import ROW_S

LEARNED = ("pool", "musifeast17")
"""Corpora of recordings; EMOPIA and VGMIDI are played anew."""

_LONGEST_S = 360.0
_SILENT_DB = -50.0

PROGRAMS = (
    *(0, 0, 0, 4, 5, 6, 8, 10, 11, 12, 13, 16, 19, 21),  # piano most, electric, mallets, organs
    *(24, 25, 26, 40, 42, 44, 45, 46, 48, 48, 49, 50, 52, 53, 54),  # guitars, strings, choirs
    *(56, 60, 61, 66, 68, 71, 73, 75, 79, 80, 81, 88, 89, 90, 91, 92, 94, 95, 99, 104, 107),
)
"""General MIDI: what plays a solo that was written for piano; one is drawn for each piece."""

COMPOSED = 800
"""Pieces of the composer, 41 s each."""


@dataclass(frozen=True)
class Source:
    """A file to learn from; MIDI is played with the General MIDI ``program``. Or the composer's
    piece of a ``seed``, and then ``path`` is nothing but a name."""

    path: Path
    corpus: str
    group: str
    program: int | None = None
    seed: int | None = None

    @property
    def name(self) -> str:
        """Its own, though names of files repeat."""
        mark = zlib.crc32(f"{self.group}/{self.path.name}".encode())
        return f"{self.corpus}-{self.path.stem[:40]}-{mark:08x}"


@dataclass(frozen=True)
class Sound:
    """Samples [N], what is known of them (``conditions.PLAYED``), and the octaves of their tempo
    above 120 beats a minute, NaN where it is not known."""

    samples: np.ndarray
    played: np.ndarray
    tempo: float = float("nan")


def sources(data: Path, pool: Path, made: Path) -> Iterator[Source]:
    """All of them, by corpus."""
    items: list[Item] = all_items(data, pool, made)
    for item in items:
        if item.corpus in LEARNED:
            yield Source(item.path, item.corpus, item.group)
    rng = np.random.default_rng(1)
    for row in rows(data / "emopia" / "label.csv"):
        path = data / "emopia" / "midi" / f"{row['ID']}.mid"
        if path.exists():
            song = row["ID"].split("_", 1)[1].rsplit("_", 1)[0]
            yield Source(path, "emopia", "song:" + song, int(rng.choice(PROGRAMS)))
    for row in rows(data / "vgmidi" / "labels.csv"):
        name = Path(row["midi"]).stem.rsplit("_", 1)[0] + ".mid"
        path = data / "vgmidi" / "midi" / name
        if path.exists():
            yield Source(path, "vgmidi", "series:" + row["series"], int(rng.choice(PROGRAMS)))
    for seed in range(COMPOSED):
        yield Source(Path(f"{seed:04}"), "composed", f"composed:{seed}", seed=seed)


def prepare(source: Source, out: Path, soundfont: Path) -> str:
    """Keep a source's pictures and what is heard in them; why not, or ''."""
    path = out / f"{source.name}.npz"
    if path.exists():
        return ""
    try:
        sound = _sound(source, soundfont)
    except (MoodprintError, ValueError, RuntimeError) as error:
        return f"{source.path}: {error}"
    pictures, conditions = _pictures(sound.samples)
    if not len(pictures):
        return f"{source.path}: holds no 5 s of sound"
    with atomic_file(path) as file:
        np.savez(
            file,
            pictures=pictures,
            conditions=conditions,
            played=sound.played,
            tempo=sound.tempo,
            group=source.group,
        )
    return ""


def _sound(source: Source, soundfont: Path) -> Sound:
    rate = PICTURE.sample_rate_hz
    if source.seed is not None:
        piece = composed(source.seed, _player(soundfont))
        return Sound(piece.samples, piece.played, piece.tempo)
    if source.program is not None:
        clip = _player(soundfont).play(source.path, source.program)
        samples = clip.samples[0][: int(_LONGEST_S * rate)]
        return Sound(samples, played([source.program], drums=False))
    clip = decode(source.path, sample_rate_hz=rate, mono=True, stop_s=_LONGEST_S)
    return Sound(clip.samples[0], unknown())


def _pictures(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bytes [N, FRAMES, bands] and conditions [N, HEARD_BY_NETWORKS] of what is not silent."""
    import soxr

    low = soxr.resample(samples, PICTURE.sample_rate_hz, 16_000)
    _, gain_db = levelled(low)
    samples, low = (part * np.float32(10 ** (gain_db / 20)) for part in (samples, low))
    mel = PICTURE.of(samples)
    conditions_there = conditions_of(low)
    pictures, conditions = [], []
    for first in range(0, len(mel) - FRAMES + 1, FRAMES):
        part = mel[first : first + FRAMES]
        rows_of = slice(int(first / 100 / ROW_S), int((first + FRAMES) / 100 / ROW_S))
        if part.max() > _SILENT_DB and len(conditions_there[rows_of]):
            pictures.append(to_bytes(part))
            conditions.append(conditions_there[rows_of].mean(axis=0))
    if not pictures:
        return np.zeros((0, FRAMES, PICTURE.bands), np.uint8), np.zeros((0, HEARD_BY_NETWORKS))
    return np.stack(pictures), np.stack(conditions).astype(np.float16)


def conditions_of(samples: np.ndarray) -> np.ndarray:
    """[R, HEARD_BY_NETWORKS] of samples at 16 kHz for each half second: MusiCNN's 50 tags
    (probabilities), the five emotions (probabilities), valence and arousal."""
    outputs = _recogniser().infer([samples])
    logits = outputs.emotion
    emotions = np.exp(logits - logits.max(axis=1, keepdims=True))
    emotions /= emotions.sum(axis=1, keepdims=True)
    _, tags = _tagger().infer(samples)
    middles_s = (np.arange(len(emotions)) + 0.5) * ROW_S
    patch = np.minimum(middles_s // PATCH_S, len(tags) - 1).astype(int)
    shares = 1 / (1 + np.exp(-tags[patch]))
    return np.concatenate([shares, emotions, outputs.valence_arousal], axis=1)


@cache
def _tagger() -> MusicTagger:
    return MusicTagger(open_bundle("musicnn"))


@cache
def _recogniser() -> Any:
    return load_recogniser(open_bundle("ear"))


@cache
def _player(soundfont: Path) -> Any:
    from recipes.ear.render import SoundfontPlayer

    return SoundfontPlayer(soundfont, PICTURE.sample_rate_hz)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument(
        "--soundfont", type=Path, default=Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
    )
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    found = list(sources(options.data, options.pool, options.made))
    np.random.default_rng(2).shuffle(found)  # so that a part of them is a fair part
    job = partial(prepare, out=options.out, soundfont=options.soundfont)
    with ProcessPoolExecutor(options.workers) as pool:
        for number, problem in enumerate(pool.map(job, found, chunksize=4), 1):
            if problem:
                print(problem, flush=True)
            if number % 100 == 0:
                print(f"{number} of {len(found)}", flush=True)


if __name__ == "__main__":
    main()
