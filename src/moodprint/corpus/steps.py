"""The steps of a build that decode: one file or one song each, results kept in the cache.

Each is a frozen object with ``__call__``, so that the engine can send it to another process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from moodprint.audio.level import measure_file
from moodprint.audio.media import probe, readable_file
from moodprint.audio.silence import Span
from moodprint.corpus.describe import Description, describe
from moodprint.corpus.find_songs import SongRule, songs_in, trim
from moodprint.corpus.recording import Recording
from moodprint.corpus.step_cache import StepCache, hash_of, key_of

VERSION = 2
"""Raised when a step gives other results than before, so that the cache is not believed."""


@dataclass(frozen=True)
class FoundSong:
    """A song of a recording, before it is compared with others.

    ``id`` stays the same while the file and the times do. ``source_hash`` is the SHA-256 of the
    file's bytes; ``details`` has those of collected.DETAILS that are known of the song.
    """

    id: str
    recording: Recording
    source_hash: str
    span: Span
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FindSongs:
    """The songs of a recording, without silent edges: see find_songs."""

    cache_folder: Path
    rule: SongRule
    trim_db: float

    def __call__(self, recording: Recording) -> tuple[FoundSong, ...]:
        """In order. Raises all that decode and probe raise."""
        content = hash_of(readable_file(recording.path))
        chapters = [(mark.start_s, mark.end_s, mark.title) for mark in recording.chapters]
        key = key_of("songs", VERSION, content, repr(self.rule), self.trim_db, chapters)
        cache = StepCache(self.cache_folder)
        stored = cache.get(key)
        if stored is None:
            stored = json.dumps(self._measured(recording)).encode()
            cache.put(key, stored)
        found = json.loads(stored)
        return tuple(
            FoundSong(
                id=key_of(recording.name, content, start_s, end_s)[:16],
                recording=recording,
                source_hash=content,
                span=Span(start_s, end_s),
                details=_details(recording, found["tags"], title, len(found["songs"])),
            )
            for start_s, end_s, title in found["songs"]
        )

    def _measured(self, recording: Recording) -> dict[str, object]:
        info = probe(recording.path)
        curve = measure_file(recording.path)
        songs = []
        for song in songs_in(curve, recording.chapters or info.chapters, self.rule):
            inner = trim(curve, song.span, self.trim_db)
            songs.append((round(inner.start_s, 3), round(inner.end_s, 3), song.title))
        return {"songs": songs, "tags": info.tags}


@dataclass(frozen=True)
class DescribeSong:
    """Quality, harmony and landmarks of a song: see describe."""

    cache_folder: Path

    def __call__(self, song: FoundSong) -> Description:
        """Raises all that decode and probe raise."""
        cache = StepCache(self.cache_folder)
        key = key_of("description", VERSION, song.source_hash, song.span.start_s, song.span.end_s)
        stored = cache.get(key)
        if stored is None:
            stored = describe(song.recording.path, song.span).to_bytes()
            cache.put(key, stored)
        return Description.from_bytes(stored)


def _details(recording: Recording, tags: dict[str, str], title: str, songs: int) -> dict[str, str]:
    """What is known of a song: the tags of a file tell of it where it is the file's only one."""
    alone = {"title": recording.path.stem, **tags, **recording.details} if songs == 1 else {}
    known = {"artist": tags.get("artist", ""), **recording.details, "title": "", **alone}
    known |= {"title": title} if title else {}
    known.setdefault("licence", tags.get("license", "") or tags.get("copyright", ""))
    return known
