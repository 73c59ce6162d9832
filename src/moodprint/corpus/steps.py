"""The steps of a build that listen: one file or one song each, results kept in the cache.

Each is a frozen object with ``__call__``, so that it can be sent to another process.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from moodprint.audio.decode import decode
from moodprint.audio.encode import encode
from moodprint.audio.loudness import measure_file
from moodprint.audio.media import probe
from moodprint.audio.silence import Span
from moodprint.clip import Clip
from moodprint.corpus.cache import StepCache, hash_of, key_of
from moodprint.corpus.describe import Description, describe
from moodprint.corpus.find_songs import SplitRule, split
from moodprint.corpus.recording import Recording
from moodprint.corpus.trim import trim

_VERSION = 2
"""Raised when a step gives other results than before, so that the cache is not believed."""


@dataclass(frozen=True)
class FoundSong:
    """A song of a recording. ``id`` stays the same while the file and the times do."""

    id: str
    recording: Recording
    source_hash: str
    span: Span
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FindSongs:
    """Split a recording and trim its songs."""

    cache_folder: Path
    rule: SplitRule
    trim_db: float

    def __call__(self, recording: Recording) -> tuple[FoundSong, ...]:
        content = hash_of(recording.path)
        chapters = [(mark.start_s, mark.end_s, mark.title) for mark in recording.chapters]
        key = key_of("songs", _VERSION, content, repr(self.rule), self.trim_db, chapters)
        cache = StepCache(self.cache_folder)
        stored = cache.get(key)
        if stored is None:
            stored = json.dumps(self._listen(recording)).encode()
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

    def _listen(self, recording: Recording) -> dict[str, object]:
        info = probe(recording.path)
        curve = measure_file(recording.path)
        songs = []
        for song in split(curve, recording.chapters or info.chapters, self.rule):
            inner = trim(curve, song.span, self.trim_db)
            songs.append((round(inner.start_s, 3), round(inner.end_s, 3), song.title))
        return {"songs": songs, "tags": info.tags}


@dataclass(frozen=True)
class DescribeSong:
    """Listen to a song: see describe."""

    cache_folder: Path

    def __call__(self, song: FoundSong) -> Description:
        cache = StepCache(self.cache_folder)
        key = key_of("description", _VERSION, song.source_hash, song.span.start_s, song.span.end_s)
        stored = cache.get(key)
        if stored is None:
            stored = describe(song.recording.path, song.span).to_bytes()
            cache.put(key, stored)
        return Description.from_bytes(stored)


@dataclass(frozen=True)
class WriteClips:
    """Write the segments of a song as audio files; gives their hashes.

    A file that is there and still has the bytes that were written is left as it is.
    """

    cache_folder: Path
    corpus: Path

    def __call__(self, work: tuple[FoundSong, tuple[tuple[Span, str], ...]]) -> tuple[str, ...]:
        song, parts = work
        cache = StepCache(self.cache_folder)
        keys = [key_of("clip", _VERSION, song.source_hash, span, file) for span, file in parts]
        hashes = [
            self._hash_if_whole(file, cache.get(key))
            for (_, file), key in zip(parts, keys, strict=True)
        ]
        if all(hashes):
            return tuple(str(known) for known in hashes)
        whole = decode(song.recording.path, start_s=song.span.start_s, stop_s=song.span.end_s)
        for number, ((span, file), key) in enumerate(zip(parts, keys, strict=True)):
            if not hashes[number]:
                path = encode(_cut(whole, span, song.span.start_s), self.corpus / file)
                hashes[number] = hash_of(path)
                cache.put(key, str(hashes[number]).encode())
        return tuple(str(known) for known in hashes)

    def _hash_if_whole(self, file: str, stored: bytes | None) -> str | None:
        path = self.corpus / file
        if stored is None or not path.is_file() or hash_of(path) != stored.decode():
            return None
        return stored.decode()


def _cut(whole: Clip, span: Span, zero_s: float) -> Clip:
    rate = whole.sample_rate_hz
    first, last = (round((at_s - zero_s) * rate) for at_s in (span.start_s, span.end_s))
    return Clip(whole.samples[:, first:last], rate)


def _details(recording: Recording, tags: dict[str, str], title: str, songs: int) -> dict[str, str]:
    """What is known of a song: the tags of a file tell of it where it is the file's only one."""
    alone = {"title": recording.path.stem, **tags, **recording.details} if songs == 1 else {}
    known = {"artist": tags.get("artist", ""), **recording.details, "title": "", **alone}
    known |= {"title": title} if title else {}
    known.setdefault("licence", tags.get("license", "") or tags.get("copyright", ""))
    return known
