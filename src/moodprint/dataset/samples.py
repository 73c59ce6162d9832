"""The labelled stretches of sound that a study learns from and is judged on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import probe
from moodprint.corpus.manifest import excerpts
from moodprint.dataset.toy_songs import make_songs
from moodprint.errors import CorpusError, InputError
from moodprint.evaluation import Lineage, joined_groups
from moodprint.evaluation.validate import IntArray
from moodprint.files import hash_file
from moodprint.study.config import CorpusConfig
from moodprint.text_input import read_csv

_SHORTEST_S = 1.0


@dataclass(frozen=True)
class Sample:
    """A stretch of a file with its label, and all that ties it to other samples.

    ``song`` is the piece it is cut from, ``group`` the artist, actor or game. ``duplicate`` names
    a set of equal recordings, ``origin`` the id of the sample it is a changed copy of; '' is none.
    ``made`` marks sound that was augmented or generated.
    """

    id: str
    excerpt: Excerpt
    label: str
    group: str
    song: str
    corpus: str
    duplicate: str = ""
    origin: str = ""
    made: bool = False


def read_corpus(corpus: CorpusConfig, scratch: Path) -> list[Sample]:
    """All samples of a corpus; toy songs are written under ``scratch``.

    Raises:
        MissingFileError: no such corpus. CorpusError: it lacks a column, or holds no sample.
    """
    if corpus.made:
        samples = _toys(corpus, scratch)
    elif corpus.labels:
        samples = list(_from_csv(corpus, corpus.labels))
    else:
        samples = list(_from_manifest(corpus, corpus.folder or Path()))
    if not samples:
        raise CorpusError(f"the corpus {corpus.name!r} holds no labelled sample")
    return samples


def segmented(samples: Iterable[Sample], segment_s: float, most: int | None = None) -> list[Sample]:
    """Each sample cut into equal segments of about ``segment_s``, of which at most ``most`` are
    kept, spread evenly; one that cannot be read is kept whole, so that the extraction of features
    tells what is wrong with it."""
    return [part for sample in samples for part in _cut(sample, segment_s, most)]


def _cut(sample: Sample, segment_s: float, most: int | None) -> list[Sample]:
    start, end = sample.excerpt.start_s, sample.excerpt.end_s
    if end is None:
        end = start + _duration_s(sample.excerpt.path)
    count = max(1, round((end - start) / segment_s))
    if count == 1:
        return [sample]
    edges = np.linspace(start, end, count + 1).round(3).tolist()
    kept = min(count, most or count)
    places = ((np.arange(kept) + 0.5) * count / kept).astype(int).tolist()
    return [_segment(sample, edges[place], edges[place + 1]) for place in places]


def with_equal_files(samples: Sequence[Sample]) -> list[Sample]:
    """The samples, those of files with the very same bytes as one set of duplicates.

    Only files of equal size are read. A duplicate that is already named stays as it is.
    """
    sizes: dict[int, set[Path]] = {}
    for path in {sample.excerpt.path for sample in samples}:
        if path.is_file():
            sizes.setdefault(path.stat().st_size, set()).add(path)
    alike = {path for paths in sizes.values() if len(paths) > 1 for path in paths}
    hashes = {path: hash_file(path) for path in alike}
    counts = Counter(hashes.values())
    return [
        replace(sample, duplicate=sample.duplicate or hashes[sample.excerpt.path])
        if counts[hashes.get(sample.excerpt.path, "")] > 1
        else sample
        for sample in samples
    ]


def groups_of(samples: Sequence[Sample]) -> IntArray:
    """Group numbers [N] that keep artist, song and duplicates together."""
    columns = [[getattr(each, name) for each in samples] for name in ("group", "song", "duplicate")]
    return joined_groups(*columns)


def lineage_of(samples: Sequence[Sample]) -> Lineage:
    """What the guard against leaks asks for."""
    return Lineage(
        ids=[each.id for each in samples],
        groups=groups_of(samples).tolist(),
        duplicates=[each.duplicate for each in samples],
        origins=[each.origin for each in samples],
        made=[each.made for each in samples],
    )


def _toys(corpus: CorpusConfig, scratch: Path) -> list[Sample]:
    songs = make_songs(scratch / corpus.name, corpus.made)
    names = [f"{corpus.name}/{song.stem}" for song in songs]
    return [
        Sample(name, Excerpt(song), song.parent.name, name, name, corpus.name)
        for name, song in zip(names, songs, strict=True)
    ]


def _from_csv(corpus: CorpusConfig, path: Path) -> Iterator[Sample]:
    table = read_csv(path)
    wanted = [corpus.file, corpus.label, corpus.group, *filter(None, [corpus.duplicate])]
    lacking = [name for name in wanted if name not in table.columns]
    if lacking:
        raise CorpusError(
            f"{path}: has no column {', '.join(lacking)}; its columns are "
            f"{', '.join(table.columns)}"
        )
    for row in table.rows:
        name = row.cells[corpus.file]
        if not name:
            raise CorpusError(f"{path}, line {row.line}: names no file")
        yield Sample(
            id=f"{corpus.name}/{name}",
            excerpt=Excerpt(path.parent / name),
            label=row.cells[corpus.label],
            group=row.cells[corpus.group],
            song=f"{corpus.name}/{name}",
            corpus=corpus.name,
            duplicate=row.cells[corpus.duplicate] if corpus.duplicate else "",
        )


def _from_manifest(corpus: CorpusConfig, folder: Path) -> Iterator[Sample]:
    for row, excerpt in excerpts(folder):
        yield Sample(
            id=f"{corpus.name}/{row.id}",
            excerpt=excerpt,
            label=row.emotion or "",
            group=row.group,
            song=f"{corpus.name}/{row.song_id}",
            corpus=corpus.name,
            made=row.synthetic,
        )


def _segment(sample: Sample, start_s: float, end_s: float) -> Sample:
    excerpt = Excerpt(sample.excerpt.path, start_s, end_s)
    return replace(sample, id=f"{sample.id}@{start_s:g}", excerpt=excerpt)


def _duration_s(path: Path) -> float:
    try:
        return probe(path).duration_s or _SHORTEST_S
    except InputError:
        return _SHORTEST_S
