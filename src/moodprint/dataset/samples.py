"""The labelled stretches of sound that models learn from and are tested on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.durations import announced_durations_s
from moodprint.evaluation import Lineage, joined_groups
from moodprint.evaluation.validate import IntArray

_UNKNOWN_S = 1.0
"""The length of a file whose header does not tell it: short enough to stay in one piece."""


@dataclass(frozen=True)
class FileStretch:
    """A place where a sound stands: an excerpt, and the SHA-256 of its file ('': not known)."""

    excerpt: Excerpt
    sha256: str = ""


@dataclass(frozen=True)
class Sample:
    """A stretch of a file with its label, and all that ties it to other samples.

    ``song`` is the piece it is cut from, ``group`` the artist, actor or game. ``duplicate`` names
    a set of equal recordings, ``origin`` the id of the sample it is a changed copy of; '' is none.
    ``synthetic`` marks sound that was augmented or generated. ``stretches`` are the places where
    its very sound stands, beside ``excerpt`` and before it was cut out, say.
    """

    id: str
    excerpt: Excerpt
    label: str
    group: str
    song: str
    corpus: str
    duplicate: str = ""
    origin: str = ""
    synthetic: bool = False
    stretches: tuple[FileStretch, ...] = ()


def segmented(samples: Iterable[Sample], segment_s: float, most: int | None = None) -> list[Sample]:
    """Each sample cut into equal segments of about ``segment_s``, of which at most ``most`` are
    kept, spread evenly; one that cannot be read is kept whole, so that the extraction of features
    says what is wrong with it."""
    samples = list(samples)
    open_ended = [each.excerpt.path for each in samples if each.excerpt.end_s is None]
    durations_s = announced_durations_s(open_ended)
    return [part for sample in samples for part in _cut(sample, segment_s, most, durations_s)]


def groups_of(samples: Sequence[Sample]) -> IntArray:
    """Group numbers [N] that keep artist, song and duplicates together."""
    columns = [[getattr(each, name) for each in samples] for name in ("group", "song", "duplicate")]
    return joined_groups(*columns)


def songs_of(samples: Iterable[Sample]) -> IntArray:
    """Song numbers [N]."""
    return np.unique([sample.song for sample in samples], return_inverse=True)[1]


def lineage_of(samples: Sequence[Sample]) -> Lineage:
    """What the guard against leaks asks for."""
    return Lineage(
        ids=[each.id for each in samples],
        groups=groups_of(samples).tolist(),
        duplicates=[each.duplicate for each in samples],
        origins=[each.origin for each in samples],
        synthetic=[each.synthetic for each in samples],
    )


def _cut(
    sample: Sample, segment_s: float, most: int | None, durations_s: Mapping[Path, float]
) -> list[Sample]:
    start, end = sample.excerpt.start_s, sample.excerpt.end_s
    if end is None:
        end = start + durations_s.get(sample.excerpt.path, _UNKNOWN_S)
    count = max(1, round((end - start) / segment_s))
    if count == 1:
        return [sample]
    edges = np.linspace(start, end, count + 1).round(3).tolist()
    kept = min(count, most or count)
    places = ((np.arange(kept) + 0.5) * count / kept).astype(int).tolist()
    return [_segment(sample, edges[place], edges[place + 1]) for place in places]


def _segment(sample: Sample, start_s: float, end_s: float) -> Sample:
    excerpt = Excerpt(sample.excerpt.path, start_s, end_s)
    return replace(sample, id=f"{sample.id}@{start_s:g}", excerpt=excerpt)
