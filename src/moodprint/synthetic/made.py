"""Pieces that were made: what each was made of, whether it passes, and how that is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.clip import Clip
from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.files import hash_file

MADE = "made.jsonl"

_SILENT_DB, _SILENT_SHARE = -60.0, 0.2
_CLIPPED, _CLIPPED_SHARE = 0.999, 1e-3


@dataclass(frozen=True)
class Made:
    """A piece: its file in the corpus, what was asked, what it was made of, how it was answered,
    and the gates that it did not pass: clipped, duplicate, known, off-mood, silent."""

    file: str
    emotion: Emotion
    seed: int
    number: int
    probability: float
    answered: str | None
    tempo_bpm: float | None
    instruments: dict[str, str]
    hash: str
    model: str
    model_hash: str
    options: str
    failed: tuple[str, ...] = ()


def failed_gates(clip: Clip, emotion: Emotion | None, answered: Emotion | None) -> tuple[str, ...]:
    """Of silence, clipping and, where one is asked for, another mood: what a piece fails by."""
    seconds = clip.samples[:, : int(clip.duration_s) * clip.sample_rate_hz]
    by_second = seconds.reshape(clip.channels, -1, clip.sample_rate_hz)
    power = np.mean(by_second.astype(np.float64) ** 2, axis=(0, 2))
    silent = np.mean(10 * np.log10(power + 1e-12) < _SILENT_DB) > _SILENT_SHARE
    clipped = np.mean(np.abs(clip.samples) >= _CLIPPED) > _CLIPPED_SHARE
    found = {
        "clipped": clipped,
        "off-mood": emotion is not None and answered is not emotion,
        "silent": silent,
    }
    return tuple(name for name, fails in found.items() if fails)


def made_before(out: Path, options: str) -> Iterator[Made]:
    """Pieces whose files are what they were. A line that was cut off is passed over."""
    path = out / MADE
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            fields: dict[str, Any] = json.loads(line)
            piece = Made(
                **{
                    **fields,
                    "emotion": Emotion(fields["emotion"]),
                    "failed": tuple(fields["failed"]),
                }
            )
        except (ValueError, TypeError, KeyError):
            continue
        if piece.options != options:
            raise OptionError(
                f"{out}: holds pieces that were made with other options: name another folder"
            )
        sound = out / piece.file
        if sound.is_file() and hash_file(sound, hashlib.sha256) == piece.hash:
            yield piece
