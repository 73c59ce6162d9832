"""The sounds that paths name: a file, each media file of a folder, each clip of a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import find_media
from moodprint.corpus import manifest
from moodprint.errors import NoMediaFoundError
from moodprint.outputs import AnyPath


@dataclass(frozen=True)
class Sound:
    """A piece of sound; of a corpus with the ``id`` of its clip, else with None."""

    excerpt: Excerpt
    id: str | None = None


def find_sounds(paths: Iterable[AnyPath]) -> list[Sound]:
    """In the order of the paths; of a folder sorted by name, of a corpus in its own order.

    A folder with a manifest is a corpus, of which the kept clips are taken. A path that is no
    folder is taken for a file, and not looked at yet.

    Raises:
        NoMediaFoundError: there is not one. CorpusError: a manifest is broken.
    """
    named = [Path(path) for path in paths]
    sounds = [sound for path in named for sound in _under(path)]
    if not sounds:
        raise NoMediaFoundError(f"no media file in {', '.join(map(str, named))}")
    return sounds


def sound_columns(sounds: Sequence[Sound]) -> dict[str, list[Any]]:
    """What names each sound in a table: its file; beside clips of a corpus its id and times too."""
    files = {"file": [str(sound.excerpt.path) for sound in sounds]}
    if not any(sound.id for sound in sounds):
        return files
    return {
        "id": [sound.id for sound in sounds],
        **files,
        "start_s": [sound.excerpt.start_s for sound in sounds],
        "end_s": [sound.excerpt.end_s for sound in sounds],
    }


def _under(path: Path) -> Iterator[Sound]:
    if (path / manifest.NAME).is_file():
        yield from (Sound(excerpt, row.id) for row, excerpt in manifest.excerpts(path))
    elif path.is_dir():
        yield from (Sound(Excerpt(file)) for file in find_media(path))
    else:
        yield Sound(Excerpt(path))
