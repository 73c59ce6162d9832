"""Decode every item, and keep what training needs: log-mels, what the teachers say, and chroma.

    python -m recipes.ear.prepare --data DATA --pool POOL --made MADE --out PREPARED [--part PART]

One .npz an item and part; what is there is not made again, so it can be stopped at any time.
Log-mels, kept as bytes (steps of 0.4 dB), come with the part yamnet; teachers' answers are float16.
"""

from __future__ import annotations

import argparse
import os
import zlib
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")

from moodprint.audio.chroma import Chroma
from moodprint.audio.excerpt import Excerpt
from moodprint.clip import FloatArray
from moodprint.errors import MoodprintError
from moodprint.files import atomic_file
from recipes.ear.sources import LONGEST_S, Item, all_items
from recipes.ear.teachers import ROW_S, MusiCNN, Yamnet, log_mel

STEP_DB = 0.4
FLOOR_DB = -100.0


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


def prepare(item: Item, out: Path, part: str, yamnet: Path) -> str:
    """Keep one part of an item in the folder ``out``; why not, or '' where it is there."""
    target = prepared_path(out, item, part)
    if target.exists():
        return ""
    try:
        samples = middle_of(item.path)
    except MoodprintError as error:
        return str(error)
    rows = max(1, int(len(samples) / 16_000 / ROW_S))
    answer = (
        _chroma(samples, rows)
        if part == "chroma"
        else _teacher_outputs(samples, rows, part, yamnet)
    )
    with atomic_file(target) as file:
        np.savez(file, **answer)
    return ""


def _chroma(samples: FloatArray, rows: int) -> dict[str, Any]:
    chroma = Chroma()
    return {"chroma": chroma.of(np.pad(samples, (0, chroma.hop)))[:rows]}


def _teacher_outputs(samples: FloatArray, rows: int, teacher: str, yamnet: Path) -> dict[str, Any]:
    outputs = _teacher(teacher, yamnet).infer(samples, rows)
    answer = {
        "logits": outputs.logits.astype(np.float16),
        "embedding": outputs.embedding.astype(np.float16),
    }
    if teacher == "yamnet":
        frames = round(ROW_S * 64)
        answer["mel"] = to_bytes(log_mel().of(samples))[: rows * frames]
    return answer


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
    parser.add_argument("--part", choices=["yamnet", "musicnn", "chroma"], default="yamnet")
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
        part=options.part,
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
