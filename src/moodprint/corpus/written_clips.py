"""Clips written as files of their own, beside the manifest."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.audio.decode import AudioStream
from moodprint.audio.encode import encode
from moodprint.audio.silence import Span
from moodprint.clip import Clip
from moodprint.corpus.manifest import Row
from moodprint.corpus.step_cache import StepCache, hash_of, key_of
from moodprint.corpus.step_runner import StepRunner
from moodprint.corpus.steps import VERSION, FoundSong
from moodprint.engine import file_limits
from moodprint.errors import CorpusError, EmptyFileError, InputError, is_of_the_file

AUDIO = "audio"
"""The folder of a corpus in which they lie."""
_EFFORT = 3
"""Encoding takes up to three times as long as the decoding that an engine's limits are made for."""


@dataclass(frozen=True)
class SongClips:
    """A song and its clips: the times of each in the source, and its file in the corpus."""

    song: FoundSong
    spans: tuple[Span, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class WriteClips:
    """Write the clips of a song as audio files; gives their hashes.

    A file that is there and still has the bytes that were written is left as it is.
    """

    cache_folder: Path
    corpus: Path

    def __call__(self, work: SongClips) -> tuple[str, ...]:
        """The SHA-256 of each file. Raises all that decode and encode raise."""
        song, cache = work.song, StepCache(self.cache_folder)
        keys = [
            key_of("clip", VERSION, song.source_hash, span, file)
            for span, file in zip(work.spans, work.files, strict=True)
        ]
        hashes = [
            self._hash_if_whole(file, cache.get(key))
            for file, key in zip(work.files, keys, strict=True)
        ]
        if not all(hashes):
            for number, part in enumerate(_cut(song, work.spans)):
                if hashes[number] is None:
                    hashes[number] = hash_of(_encoded(part, self.corpus / work.files[number]))
                    cache.put(keys[number], str(hashes[number]).encode())
        return tuple(str(known) for known in hashes)

    def _hash_if_whole(self, file: str, stored: bytes | None) -> str | None:
        path = self.corpus / file
        if stored is None or not path.is_file() or hash_of(path) != stored.decode():
            return None
        return stored.decode()


def write_clips(
    songs: Sequence[FoundSong], rows: Sequence[Row], corpus: Path, suffix: str, runner: StepRunner
) -> tuple[list[Row], list[tuple[FoundSong, Exception]]]:
    """Write the clip of each row as audio/ID.suffix; the rows with their files and hashes, and the
    songs that have none, since their recordings cannot be read any more, with the reasons.

    Raises:
        CorpusError: a clip cannot be written.
    """
    by_song: dict[str, list[Row]] = {song.id: [] for song in songs}
    for row in rows:
        by_song[row.song_id].append(replace(row, file=f"{AUDIO}/{row.id}.{suffix}"))
    work = [
        SongClips(
            song,
            tuple(Span(row.start_s, row.end_s) for row in by_song[song.id]),
            tuple(str(row.file) for row in by_song[song.id]),
        )
        for song in songs
    ]
    written: list[Row] = []
    failed = []
    limits = file_limits(_path_of, effort=_EFFORT)
    for outcome in runner.each("write clips", WriteClips(runner.cache, corpus), work, limits):
        song = outcome.item.song
        if outcome.error is not None and is_of_the_file(outcome.error):
            failed.append((song, outcome.error))
            continue
        hashed = zip(by_song[song.id], outcome.unwrap(), strict=True)
        written += [replace(row, hash=digest) for row, digest in hashed]
    return written, failed


def _path_of(work: SongClips) -> Path:
    """The file that a song's clips are cut from."""
    return work.song.recording.path


def _encoded(clip: Clip, path: Path) -> Path:
    """The clip in a file. Raises CorpusError where that cannot be written."""
    try:
        return encode(clip, path)
    except EmptyFileError:  # the recording's fault
        raise
    except InputError as error:
        raise CorpusError(f"the build cannot go on: {error}") from error


def _cut(song: FoundSong, spans: Sequence[Span]) -> Iterator[Clip]:
    """The spans of a song, in their order, while it is decoded: none is held longer than needed.

    Their starts and their ends must rise.
    """
    start_s, end_s = song.span.start_s, song.span.end_s
    source = AudioStream(song.recording.path, mono=False, start_s=start_s, stop_s=end_s)
    rate = source.sample_rate_hz
    bounds = deque(
        (round((span.start_s - start_s) * rate), round((span.end_s - start_s) * rate))
        for span in spans
    )
    held, begin = np.zeros((source.channels, 0), np.float32), 0
    for block in source:
        held = np.concatenate([held, block], axis=1)
        while bounds and bounds[0][1] <= begin + held.shape[1]:
            first, last = bounds.popleft()
            yield Clip(held[:, first - begin : last - begin], rate)
        if not bounds:
            return
        keep = min(bounds[0][0], begin + held.shape[1])
        held, begin = held[:, keep - begin :], keep
    for first, last in bounds:  # the file ends before its song does
        yield Clip(held[:, max(0, first - begin) : max(0, last - begin)], rate)
