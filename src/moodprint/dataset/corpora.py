"""From a corpus, in any of its forms, to labelled samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus import manifest
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.label_files import (
    LabelledStretch,
    is_label_file,
    is_our_table,
    read_label_file,
    read_our_table,
)
from moodprint.dataset.samples import FileStretch, Sample
from moodprint.dataset.toy_songs import make_songs
from moodprint.errors import CorpusError
from moodprint.text_input import read_csv


def read_corpus(corpus: CorpusConfig, scratch: Path) -> list[Sample]:
    """All samples of a corpus; toy songs are written under ``scratch``.

    Labels are a CSV, or as Audacity, ELAN, Label Studio and our own answers have them. Of a corpus
    folder these are the clips that are kept; a clip's group is the manifest's, so
    that a compilation counts as its songs. A file that is listed twice gives two samples.

    Raises:
        MissingFileError: no such labels. CorpusError: a corpus is broken, lacks a column, or
            holds no sample. EncodingError: labels that are no text.
    """
    if corpus.toy_songs:
        found = _toys(corpus, scratch)
    elif corpus.labels:
        found = _from_labels(corpus, Path(corpus.labels))
    else:
        found = _from_folder(corpus, Path(corpus.folder or "."))
    samples = list(_with_own_ids(found))
    if not samples:
        raise CorpusError(f"the corpus {corpus.name!r} holds no labelled sample")
    return samples


def _toys(corpus: CorpusConfig, scratch: Path) -> Iterator[Sample]:
    for song in make_songs(scratch / corpus.name, corpus.toy_songs):
        name = f"{corpus.name}/{song.stem}"
        yield Sample(name, Excerpt(song), song.parent.name, name, name, corpus.name)


def _from_labels(corpus: CorpusConfig, path: Path) -> Iterator[Sample]:
    """A CSV of files, or labels as another program keeps them."""
    if is_label_file(path):
        return _of_stretches(corpus, read_label_file(path, corpus.label))
    if is_our_table(read_csv(path)):
        return _of_stretches(corpus, read_our_table(path))
    return _from_csv(corpus, path)


def _from_folder(corpus: CorpusConfig, folder: Path) -> Iterator[Sample]:
    """A corpus with a manifest, or label files beside their sounds."""
    labels = sorted(path for path in folder.glob("*") if is_label_file(path))
    if (folder / manifest.NAME).is_file() or not labels:
        return _from_manifest(corpus, folder)
    found = (stretch for path in labels for stretch in read_label_file(path, corpus.label))
    return _of_stretches(corpus, found)


def _of_stretches(corpus: CorpusConfig, found: Iterable[LabelledStretch]) -> Iterator[Sample]:
    for each in found:
        song = f"{corpus.name}/{each.path.name}"
        yield Sample(
            id=f"{song}@{each.start_s:g}" if each.end_s is not None else song,
            excerpt=Excerpt(each.path, each.start_s, each.end_s),
            label=each.label,
            group=str(each.path),
            song=song,
            corpus=corpus.name,
        )


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
