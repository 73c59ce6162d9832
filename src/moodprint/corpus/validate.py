"""Whether the sound that a manifest speaks of is there, and is what it was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from moodprint.audio.media import readable_file
from moodprint.corpus.manifest import read_rows, sound_path
from moodprint.corpus.step_cache import hash_of
from moodprint.engine import Progress, no_progress, run
from moodprint.errors import InputError, MissingFileError


class Fault(StrEnum):
    """What is wrong with a file of a corpus."""

    MISSING = "missing"
    CORRUPT = "corrupt"
    """The file is there, but its bytes are no more those of the manifest."""


@dataclass(frozen=True)
class Problem:
    """A file that cannot be relied on, and how many clips of the corpus need it."""

    file: str
    fault: Fault
    clips: int


def validate(
    corpus: str | Path,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
) -> tuple[Problem, ...]:
    """Read every file of the corpus and compare its hash with the manifest's; () if all is well.

    Raises:
        CorpusError: there is no manifest, or it is broken.
    """
    needs: dict[Path, tuple[str, int]] = {}
    for row in read_rows(corpus):
        path = sound_path(corpus, row)
        expected, clips = needs.get(path, (row.hash, 0))
        needs[path] = (expected, clips + 1)
    work = [(path, expected) for path, (expected, _) in sorted(needs.items())]
    problems = []
    for done, outcome in enumerate(run(_fault, work, workers=workers), 1):
        progress("read files", done, len(work))
        fault = outcome.unwrap()
        if fault is not None:
            path = outcome.item[0]
            problems.append(Problem(str(path), fault, needs[path][1]))
    return tuple(problems)


def _fault(work: tuple[Path, str]) -> Fault | None:
    path, expected = work
    try:
        return None if hash_of(readable_file(path)) == expected else Fault.CORRUPT
    except MissingFileError:
        return Fault.MISSING
    except (InputError, OSError):
        return Fault.CORRUPT
