"""manifest.parquet: one row a segment, and the sound that belongs to it.

This module alone knows how a row becomes sound; all that reads a corpus goes through it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from moodprint.audio.excerpt import Excerpt
from moodprint.clip import Clip
from moodprint.errors import CorpusError
from moodprint.files import write_atomically

NAME = "manifest.parquet"

SCHEMA = pl.Schema(
    {
        "id": pl.String(),
        "song_id": pl.String(),
        "source": pl.String(),
        "emotion": pl.String(),
        "start_s": pl.Float64(),
        "end_s": pl.Float64(),
        "group": pl.String(),
        "hash": pl.String(),
        "synthetic": pl.Boolean(),
        "checks": pl.List(pl.String()),
        "keep": pl.Boolean(),
        "file": pl.String(),
        "source_hash": pl.String(),
        "title": pl.String(),
        "artist": pl.String(),
        "uploader": pl.String(),
        "licence": pl.String(),
        "url": pl.String(),
    }
)


@dataclass(frozen=True)
class Row:
    """A segment.

    ``source`` is the file it comes from, relative to the corpus where it lies in it, and
    ``start_s`` and ``end_s`` are times in that file. ``file`` is the written clip, relative to
    the corpus, or None where the segment is only referenced. ``hash`` is the SHA-256 of the bytes
    that hold the sound: of ``file``, else of the source. ``group`` joins duplicates: a split of
    the data keeps a group on one side. ``keep`` is False for duplicates that a better copy stands
    in for. ``checks`` names what was noticed: clipped, conflict, duplicate, narrow, short.
    """

    id: str
    song_id: str
    source: str
    emotion: str | None
    start_s: float
    end_s: float
    group: str
    hash: str
    source_hash: str
    synthetic: bool = False
    checks: tuple[str, ...] = ()
    keep: bool = True
    file: str | None = None
    title: str | None = None
    artist: str | None = None
    uploader: str | None = None
    licence: str | None = None
    url: str | None = None


_OPTIONAL = {"emotion", "file", "title", "artist", "uploader", "licence", "url"}
"""The columns that may be empty."""


def write(corpus: Path, rows: Sequence[Row]) -> Path:
    """Write the manifest of a corpus, whole or not at all; the same rows give the same bytes."""
    cells = [{**asdict(row), "checks": list(row.checks)} for row in rows]
    buffer = io.BytesIO()
    pl.DataFrame(cells, schema=SCHEMA).write_parquet(buffer)
    write_atomically(corpus / NAME, buffer.getvalue())
    return corpus / NAME


def read(corpus: str | Path) -> pl.DataFrame:
    """The manifest of a corpus folder: a frame with the columns of SCHEMA, others left out.

    Raises:
        CorpusError: no manifest there, a broken one, one without these columns, or with an empty
            cell or an id twice where a clip needs its own.
    """
    path = Path(corpus) / NAME
    if not path.is_file():
        raise CorpusError(f"{corpus}: is no corpus (it has no {NAME}); make one by  corpus build")
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CorpusError(f"{path}: cannot be read ({error})") from error
    _check_columns(path, frame)
    _check_cells(path, frame)
    return frame.select(SCHEMA.names())


def read_rows(corpus: str | Path) -> list[Row]:
    """The rows of a corpus folder's manifest, in its order. Raises as ``read`` does."""
    cells = read(corpus).iter_rows(named=True)
    return [Row(**{**row, "checks": tuple(row["checks"])}) for row in cells]


def sound_path(corpus: str | Path, row: Row) -> Path:
    """The file that holds a segment's sound: the written clip, else the source."""
    return Path(corpus) / (row.file or row.source)


def excerpt_of(corpus: str | Path, row: Row) -> Excerpt:
    """A segment's sound: the whole of the written clip, else the source between the row's times.

    The times of a row are those in its source: a written clip is never cut by them.
    """
    path = sound_path(corpus, row)
    return Excerpt(path) if row.file else Excerpt(path, row.start_s, row.end_s)


def excerpts(corpus: str | Path) -> list[tuple[Row, Excerpt]]:
    """The kept rows of a corpus folder, each with its sound. Raises as ``read`` does."""
    return [(row, excerpt_of(corpus, row)) for row in read_rows(corpus) if row.keep]


def read_clip(corpus: str | Path, row: Row, *, sample_rate_hz: int | None = None) -> Clip:
    """The sound of a segment, decoded. Raises all that decoding raises."""
    return excerpt_of(corpus, row).decode(sample_rate_hz=sample_rate_hz)


def _check_columns(path: Path, frame: pl.DataFrame) -> None:
    missing = [name for name in SCHEMA if name not in frame.schema]
    if missing:
        raise CorpusError(
            f"{path}: lacks the columns {', '.join(missing)}; it has {', '.join(frame.columns)}"
        )
    for name, kind in SCHEMA.items():
        if frame.schema[name] != kind:
            found = frame.schema[name]
            raise CorpusError(f"{path}: its column {name} holds {found}, expected {kind}")


def _check_cells(path: Path, frame: pl.DataFrame) -> None:
    for name in SCHEMA:
        empty = frame[name].null_count()
        if empty and name not in _OPTIONAL:
            raise CorpusError(f"{path}: its column {name} is empty in {empty} rows")
    if not frame["id"].is_unique().all():
        twice = frame["id"].filter(frame["id"].is_duplicated())[0]
        raise CorpusError(f"{path}: the id {twice!r} occurs twice; each clip has its own")
    start, end = pl.col("start_s"), pl.col("end_s")
    backwards = frame.filter(~((start >= 0) & (end > start) & end.is_finite()))
    if backwards.height:
        row = backwards.row(0, named=True)
        raise CorpusError(
            f"{path}: the clip {row['id']} runs from {row['start_s']} to {row['end_s']} s"
        )
