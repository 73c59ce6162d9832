r"""Decode every item, bring it to one loudness, and keep what training needs: log-mels, chroma, and
what the teachers say.

    python -m recipes.ear.prepare --data DATA --pool POOL --made MADE --out PREPARED \
        [--parts PART ...]

One .npz an item and part; what is there is not made again, so it can be stopped at any time.
Log-mels are kept as bytes (steps of 0.4 dB), teachers' answers as float16.
"""

from __future__ import annotations

import argparse
import os
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")

from moodprint.audio.chroma import Chroma
from moodprint.audio.excerpt import Excerpt
from moodprint.audio.programme_level import gain_to_level_db
from moodprint.clip import FloatArray
from moodprint.errors import MoodprintError
from moodprint.files import atomic_file
from moodprint.models.emotion_net import chunks
from recipes.ear.sources import LONGEST_S, Item, all_items
from recipes.ear.teachers import ROW_S, MusiCNN, Yamnet, log_mel

STEP_DB = 0.4
FLOOR_DB = -100.0
FAINT_DB = -180.0

FRAMES_PER_ROW = round(ROW_S * log_mel().frames_per_second)

PARTS = ("sound", "yamnet", "musicnn")
NOT_MUSIC = ("not_music", "espeak", "noise", "ravdess_song")
"""MusiCNN knows of music alone, so it is not asked about these."""


def prepared_path(folder: Path, item: Item, part: str) -> Path:
    """Names of files repeat between packages, so a checksum of the path keeps them apart."""
    mark = zlib.crc32(f"{item.group}/{item.path.name}".encode())
    return folder / item.corpus / f"{item.path.stem}-{mark:08x}.{part}.npz"


def to_bytes(mel_db: FloatArray) -> np.ndarray:
    """Levels in dB as steps of ``STEP_DB`` above ``FLOOR_DB``; what lies outside is clipped."""
    return np.clip(np.round((mel_db - FLOOR_DB) / STEP_DB), 0, 255).astype(np.uint8)


def from_bytes(steps: np.ndarray) -> FloatArray:
    """The levels in dB of such steps."""
    return steps.astype(np.float32) * np.float32(STEP_DB) + np.float32(FLOOR_DB)


def prepare(item: Item, out: Path, parts: tuple[str, ...], yamnet: Path) -> str:
    """Keep those parts of an item in the folder ``out`` that are not there; why not, or ''."""
    missing = {part: prepared_path(out, item, part) for part in parts}
    missing = {part: path for part, path in missing.items() if not path.exists()}
    if item.corpus in NOT_MUSIC:
        missing.pop("musicnn", None)
    if not missing:
        return ""
    try:
        samples = middle_of(item.path)
    except MoodprintError as error:
        return str(error)
    rows = max(1, int(len(samples) / 16_000 / ROW_S))
    mel_db, gain_db = levelled(samples)
    samples = samples * np.float32(10 ** (gain_db / 20))
    for part, path in missing.items():
        if part == "sound":
            arrays = _sound(samples, mel_db, rows)
        else:
            arrays = _teacher_outputs(samples, rows, part, yamnet)
        with atomic_file(path) as file:
            np.savez(file, **arrays)
    return ""


def _sound(samples: FloatArray, mel_db: FloatArray, rows: int) -> dict[str, Any]:
    chroma = Chroma()
    return {
        "mel": to_bytes(mel_db)[: rows * FRAMES_PER_ROW],
        "chroma": chroma.of(np.pad(samples, (0, chroma.hop)))[:rows],
    }


def _teacher_outputs(samples: FloatArray, rows: int, teacher: str, yamnet: Path) -> dict[str, Any]:
    outputs = _teacher(teacher, yamnet).infer(samples, rows)
    return {
        "logits": outputs.logits.astype(np.float16),
        "embedding": outputs.embedding.astype(np.float16),
        "asked": outputs.asked,
    }


def levelled(samples: FloatArray) -> tuple[FloatArray, float]:
    """The log-mel [T, F] of samples [N] as if they had been brought to one loudness, and the gain
    in dB that does it; 0 for silence.

    Its first floor is so low that what is faint is still there when it has been made louder.
    """
    mel_db = replace(log_mel(), floor_db=FAINT_DB).of(samples)
    gain_db = gain_to_level_db(row_levels_db(mel_db))
    return np.maximum(mel_db + np.float32(gain_db), np.float32(FLOOR_DB)), gain_db


def row_levels_db(mel_db: FloatArray) -> FloatArray:
    """[R] the power in dB of each row of frames [T, F] in dB; the last row is filled up with its
    last frame, as in analysis."""
    missing = -len(mel_db) % FRAMES_PER_ROW
    whole = np.pad(mel_db, ((0, missing), (0, 0)), mode="edge") if missing else mel_db
    return chunks.row_levels_db(whole, FRAMES_PER_ROW)


def middle_of(path: Path) -> FloatArray:
    """Mono samples [N] at 16 kHz of the middle of a file, at most ``LONGEST_S`` seconds."""
    return Excerpt.middle(path, LONGEST_S).decode(sample_rate_hz=16_000, mono=True).mono


@cache
def _teacher(name: str, yamnet: Path) -> Yamnet | MusiCNN:
    return Yamnet(yamnet) if name == "yamnet" else MusiCNN()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--corpora", nargs="*", help="only these")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    items = [
        item
        for item in all_items(options.data, options.pool, options.made)
        if not options.corpora or item.corpus in options.corpora
    ]
    job = partial(
        prepare,
        out=options.out,
        parts=tuple(options.parts),
        yamnet=options.data / "teacher" / "yamnet.tflite",
    )
    with ProcessPoolExecutor(options.workers) as pool:
        for index, problem in enumerate(pool.map(job, items, chunksize=4), 1):
            if problem:
                print(problem, flush=True)
            if index % 100 == 0:
                print(f"{index} of {len(items)}", flush=True)


if __name__ == "__main__":
    main()
