"""Corrections as a labelled corpus: the media and one CSV that `study`, `train`, `teach` and
`evaluate` read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from moodprint.plain_text import spreadsheet_cell
from moodprint.service.outline import NO_MUSIC
from moodprint.service.store.media import MediaStore
from moodprint.service.store.tables import Analysis, Correction

_COLUMNS = (
    *("source", "level", "emotion", "start_s", "end_s"),  # as our own tables of answers have them
    *("label", "answered", "note", "author", "created_at"),
)
_UNFIT = re.compile(r"[^\w.() -]+")


def write_labels_archive(
    path: Path, corrections: Sequence[tuple[Analysis, Correction, str | None]], media: MediaStore
) -> None:
    """A zip of ``labels.csv`` and of each medium that has corrections, once, not packed any
    further. Stretches without music have no emotion there, so that they teach none."""
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(_COLUMNS)
    with ZipFile(path, "w", ZIP_STORED) as archive:
        written = set()
        for analysis, correction, answered in corrections:
            name = _member(analysis)
            if name not in written and media.path(analysis.content).is_file():
                archive.write(media.path(analysis.content), name)
                written.add(name)
            writer.writerow(_row(name, correction, answered))
        archive.writestr("labels.csv", rows.getvalue())


def _row(name: str, correction: Correction, answered: str | None) -> list[str]:
    label = correction.label
    return [
        *(name, "segment", "" if label == NO_MUSIC else label),
        *(f"{correction.start_s:.3f}", f"{correction.end_s:.3f}", label, answered or ""),
        *(spreadsheet_cell(text) for text in (correction.note, correction.author)),
        correction.created_at.isoformat(),
    ]


def _member(analysis: Analysis) -> str:
    """A name within the archive that leads nowhere else and is the medium's alone."""
    plain = _UNFIT.sub("_", analysis.name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    return f"media/{analysis.content[:8]}-{plain[-100:] or 'file'}"
