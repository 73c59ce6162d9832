"""Samples that hold the same sound, under whatever names: they may not be torn apart."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf
from pathlib import Path

from moodprint.dataset.samples import FileStretch, Sample
from moodprint.evaluation import unions
from moodprint.files import hash_file

_TOUCH_S = 0.05
"""Stretches that share no more than this only touch: times are rounded, frames have a length."""

Pair = tuple[int, int]


def with_duplicates(samples: Sequence[Sample]) -> list[Sample]:
    """The samples, with one name in ``duplicate`` for all that share sound.

    Two share sound where stretches of one file overlap. Files are one when they have the same
    path, however it is written, or the same bytes. Sets that are named already are joined with
    what is found. So the songs of one compilation stay apart, and the same compilation in two
    corpora does not.

    Files of equal size are read to compare them, unless a manifest knows their hash; a file that
    is not there shares with its own path alone.
    """
    rows = range(len(samples))
    set_of = unions(rows, [*_named_alike(samples), *_overlapping(samples)])
    members: dict[int, list[int]] = {}
    for row in rows:
        members.setdefault(set_of[row], []).append(row)
    names = {
        first: next((samples[row].duplicate for row in others if samples[row].duplicate), "")
        or samples[first].id
        for first, others in members.items()
        if len(others) > 1
    }
    return [
        replace(sample, duplicate=names.get(set_of[row], sample.duplicate))
        for row, sample in enumerate(samples)
    ]


def _named_alike(samples: Sequence[Sample]) -> Iterator[Pair]:
    first: dict[str, int] = {}
    for row, sample in enumerate(samples):
        if sample.duplicate:
            yield first.setdefault(sample.duplicate, row), row


def _overlapping(samples: Sequence[Sample]) -> Iterator[Pair]:
    """Pairs that, through others, join all rows whose stretches overlap."""
    content_of = _contents(stretch for sample in samples for stretch in _stretches(sample))
    times: dict[str, list[tuple[float, float, int]]] = {}
    for row, sample in enumerate(samples):
        for stretch in _stretches(sample):
            end_s = inf if stretch.excerpt.end_s is None else stretch.excerpt.end_s
            place = (stretch.excerpt.start_s, end_s, row)
            times.setdefault(content_of[_real(stretch.excerpt.path)], []).append(place)
    for places in times.values():
        places.sort()
        _, reach_s, reaching = places[0]
        for start_s, end_s, row in places[1:]:
            if start_s < reach_s - _TOUCH_S:
                yield reaching, row
            if end_s > reach_s:
                reach_s, reaching = end_s, row


def _stretches(sample: Sample) -> tuple[FileStretch, ...]:
    return sample.stretches or (FileStretch(sample.excerpt),)


def _contents(stretches: Iterable[FileStretch]) -> dict[str, str]:
    """By real path what names a file's content: its hash where that is known, else the path."""
    known: dict[str, str] = {}
    for stretch in stretches:
        path = _real(stretch.excerpt.path)
        known[path] = known.get(path) or stretch.sha256
    sizes: dict[int, list[str]] = {}
    for path in known:
        if Path(path).is_file():
            sizes.setdefault(Path(path).stat().st_size, []).append(path)
    for paths in sizes.values():
        if len(paths) > 1:
            known |= {path: _sha256(path) for path in paths if not known[path]}
    return {path: content or path for path, content in known.items()}


def _sha256(path: str) -> str:
    """'' for a file that may not be read: the extraction of features says what is wrong."""
    try:
        return hash_file(path, hashlib.sha256)
    except OSError:
        return ""


def _real(path: Path) -> str:
    return os.path.realpath(path)
