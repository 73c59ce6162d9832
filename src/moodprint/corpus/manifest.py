"""manifest.parquet: one row a segment, and the sound that belongs to it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from moodprint.audio.decode import decode
from moodprint.clip import Clip
from moodprint.corpus.cache import write_whole
from moodprint.errors import CorpusError

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


def write(corpus: Path, rows: Sequence[Row]) -> Path:
    """Write the manifest of a corpus, whole or not at all; the same rows give the same bytes."""
    cells = [{**asdict(row), "checks": list(row.checks)} for row in rows]
    buffer = io.BytesIO()
    pl.DataFrame(cells, schema=SCHEMA).write_parquet(buffer)
    write_whole(corpus / NAME, buffer.getvalue())
    return corpus / NAME


def read(corpus: str | Path) -> pl.DataFrame:
    """The manifest of a corpus folder: a frame with the columns of SCHEMA.

    Raises:
        CorpusError: no manifest there, a broken one, or one without these columns.
    """
    path = Path(corpus) / NAME
    if not path.is_file():
        raise CorpusError(f"{corpus}: is no corpus (it has no {NAME}); make one by  corpus build")
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CorpusError(f"{path}: cannot be read ({error})") from error
    if frame.schema != SCHEMA:
        raise CorpusError(f"{path}: has columns {frame.columns}, expected {list(SCHEMA)}")
    return frame


def sound_path(corpus: str | Path, row: Mapping[str, Any]) -> Path:
    """The file that holds a segment's sound: the written clip, else the source."""
    return Path(corpus) / str(row["file"] or row["source"])


def read_clip(
    corpus: str | Path, row: Mapping[str, Any], *, sample_rate_hz: int | None = None
) -> Clip:
    """The sound of a segment (a row of the manifest as a dict).

    Raises:
        all that decode raises.
    """
    path = sound_path(corpus, row)
    if row["file"]:
        return decode(path, sample_rate_hz=sample_rate_hz)
    times = {"start_s": row["start_s"], "stop_s": row["end_s"]}
    return decode(path, sample_rate_hz=sample_rate_hz, **times)
