"""Which files a model learned from, by their bytes: so that it is not judged on what it knows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from moodprint.dataset.samples import Sample
from moodprint.files import hash_file

KEY = "learned_from"
"""The name in a card's ``training``."""

_DIGITS = 16
"""Of SHA-256: two of a million files share as many once in 40 million such corpora."""


def file_hashes(samples: Iterable[Sample]) -> list[str]:
    """The first digits of the SHA-256 of each file that samples lie in, sorted; files that cannot
    be read are left out."""
    paths = {sample.excerpt.path for sample in samples}
    return sorted({found for found in map(_hash, paths) if found})


def learned_samples(training: Mapping[str, Any], samples: Sequence[Sample]) -> list[bool]:
    """Of each sample whether its file is one that the model of a card's ``training`` learned from;
    False for all where the card does not say."""
    known = training.get(KEY)
    if not isinstance(known, list) or not known:
        return [False] * len(samples)
    names = set(map(str, known)) - {""}
    of_path = {path: _hash(path) in names for path in {each.excerpt.path for each in samples}}
    return [of_path[sample.excerpt.path] for sample in samples]


def _hash(path: Path) -> str:
    try:
        return hash_file(path, hashlib.sha256)[:_DIGITS]
    except OSError:
        return ""
