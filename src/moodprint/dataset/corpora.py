"""From a corpus, in any of its forms, to labelled samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus import manifest
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.samples import FileStretch, Sample
from moodprint.dataset.toy_songs import make_songs
from moodprint.errors import CorpusError
from moodprint.text_input import read_csv


def read_corpus(corpus: CorpusConfig, scratch: Path) -> list[Sample]:
    """All samples of a corpus; toy songs are written under ``scratch``.

    Of a corpus folder these are the clips that are kept; a clip's group is the manifest's, so
    that a compilation counts as its songs. A file that is listed twice gives two samples.

    Raises:
        MissingFileError: no such labels. CorpusError: a corpus is broken, lacks a column, or
            holds no sample. EncodingError: labels that are no text.
    """
    if corpus.toy_songs:
        found = _toys(corpus, scratch)
    elif corpus.labels:
        found = _from_csv(corpus, Path(corpus.labels))
    else:
        found = _from_manifest(corpus, Path(corpus.folder or "."))
    samples = list(_with_own_ids(found))
    if not samples:
        raise CorpusError(f"the corpus {corpus.name!r} holds no labelled sample")
    return samples


def _toys(corpus: CorpusConfig, scratch: Path) -> Iterator[Sample]:
    for song in make_songs(scratch / corpus.name, corpus.toy_songs):
        name = f"{corpus.name}/{song.stem}"
        yield Sample(name, Excerpt(song), song.parent.name, name, name, corpus.name)


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
            group=row.cells[corpus.group].strip(),
            song=f"{corpus.name}/{name}",
            corpus=corpus.name,
            duplicate=row.cells[corpus.duplicate].strip() if corpus.duplicate else "",
        )


def _from_manifest(corpus: CorpusConfig, folder: Path) -> Iterator[Sample]:
    for row, excerpt in manifest.excerpts(folder):
        source = Excerpt(folder / row.source, row.start_s, row.end_s)
        yield Sample(
            id=f"{corpus.name}/{row.id}",
            excerpt=excerpt,
            label=row.emotion or "",
            group=row.group,
            song=f"{corpus.name}/{row.song_id}",
            corpus=corpus.name,
            synthetic=row.synthetic,
            stretches=(FileStretch(excerpt, row.hash), FileStretch(source, row.source_hash)),
        )


def _with_own_ids(samples: Iterable[Sample]) -> Iterator[Sample]:
    """The samples, the second of an id as ``ID#2``."""
    seen: Counter[str] = Counter()
    for sample in samples:
        seen[sample.id] += 1
        times = seen[sample.id]
        yield sample if times == 1 else replace(sample, id=f"{sample.id}#{times}")
