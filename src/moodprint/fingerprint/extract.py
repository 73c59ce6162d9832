"""One file's way into an index: the hash of its bytes, and its peaks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.media import readable_file
from moodprint.files import hash_file
from moodprint.fingerprint.peaks import SpectralPeaks, extract_peaks
from moodprint.fingerprint.records import IndexedTrack

_HASH_DIGITS = 32


@dataclass(frozen=True)
class ReadTrack:
    """Read a file for an index that knows some hashes already.

    A frozen object with ``__call__``, so that the engine can send it to another process.
    """

    known: frozenset[str]
    decoding: DecodeOptions = DEFAULT_OPTIONS

    def __call__(self, work: tuple[str, str]) -> tuple[IndexedTrack, SpectralPeaks] | None:
        """``work``: a path and the track's name. None for content that the index knows.

        Raises:
            InputError and its kinds: the file cannot be read or decoded.
        """
        path, name = work
        content_hash = self._hash_of(path)
        if content_hash in self.known:
            return None
        sound = extract_peaks(path, self.decoding)
        return IndexedTrack(name, content_hash, round(sound.duration_s, 3)), sound

    def _hash_of(self, path: str) -> str:
        """A file's other audio tracks are other content."""
        of_file, track = hash_of_content(path), self.decoding.track
        if track is None:
            return of_file
        return hashlib.blake2b(f"{of_file} {track}".encode()).hexdigest()[:_HASH_DIGITS]


def error_line(path: str, error: Exception) -> str:
    """Why a file failed, as one sentence that names it."""
    reason = str(error) or type(error).__name__
    return reason if reason.startswith(path) else f"{path}: {reason}"


def hash_of_content(path: str | Path) -> str:
    """The name of a file's bytes in an index: half of a hash that is longer than the caches'
    (``files.BLAKE2B_160``), since the indexes that are there hold this one.

    Raises:
        InputError and its kinds: it cannot be read.
    """
    return hash_file(readable_file(path), hashlib.blake2b)[:_HASH_DIGITS]
