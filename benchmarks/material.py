"""The sounds that a benchmark runs on, made from a folder of music and kept in a cache."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from moodprint.audio.media import find_media, probe
from moodprint.errors import InputError, MoodprintError, NoMediaFoundError

_MOST_SONGS = 10
_SONG_S = (60.0, 480.0)
_AS_MP3 = ("-vn", "-ar", "44100", "-ac", "2", "-c:a", "libmp3lame", "-b:a", "128k")


@dataclass(frozen=True)
class Material:
    """All are mp3, 128 kbit/s, 44.1 kHz, stereo, so that every program reads the same bytes."""

    songs: tuple[Path, ...]
    songs_s: float
    song: Path
    """Three minutes."""
    long: Path
    long_s: float


def prepare(music: Path, cache: Path, long_s: float) -> Material:
    """Up to ten songs spread over the folder, and files of 3 minutes and ``long_s`` joined of them.

    Raises:
        NoMediaFoundError: no music there. InputError: ffmpeg is missing or fails.
    """
    chosen = _spread(_songs(music), _MOST_SONGS)
    cache = cache / sha256("\n".join(map(str, chosen)).encode()).hexdigest()[:12]
    cache.mkdir(parents=True, exist_ok=True)
    songs = tuple(_as_mp3(song, cache / f"{n:02}.mp3") for n, song in enumerate(chosen, start=1))
    lengths_s = [_length_s(song) for song in songs]
    return Material(
        songs=songs,
        songs_s=sum(lengths_s),
        song=_joined(songs, lengths_s, 180.0, cache / "song.mp3"),
        long=_joined(songs, lengths_s, long_s, cache / f"long-{long_s:g}s.mp3"),
        long_s=long_s,
    )


def _songs(music: Path) -> list[Path]:
    """The files of the length of a song; any media where there is none of that length."""
    found = [(path, _announced_s(path)) for path in find_media(music)]
    readable = [path for path, length_s in found if length_s]
    right = [path for path, length_s in found if length_s and _SONG_S[0] <= length_s <= _SONG_S[1]]
    if not readable:
        raise NoMediaFoundError(f"{music}: holds no music to measure with")
    return right or readable


def _announced_s(path: Path) -> float | None:
    try:
        return probe(path).duration_s
    except MoodprintError:
        return None


def _length_s(path: Path) -> float:
    return _announced_s(path) or 0.0


def _spread(songs: Sequence[Path], most: int) -> list[Path]:
    """At most so many, evenly over the list."""
    step = max(1.0, len(songs) / most)
    return [songs[int(index * step)] for index in range(min(most, len(songs)))]


def _as_mp3(song: Path, target: Path) -> Path:
    return _ffmpeg(["-i", song, *_AS_MP3], target)


def _joined(
    songs: Sequence[Path], lengths_s: Sequence[float], seconds: float, target: Path
) -> Path:
    """The songs one after the other, again and again, until they last that long."""
    rounds = math.ceil(seconds / sum(lengths_s))
    listing = target.with_suffix(".txt")
    quoted = [str(song.resolve()).replace("'", "'\\''") for song in songs]
    listing.write_text("".join(f"file '{path}'\n" for path in quoted * rounds))
    words = ["-f", "concat", "-safe", "0", "-i", listing, "-t", f"{seconds}", "-c", "copy"]
    return _ffmpeg(words, target)


def _ffmpeg(words: Sequence[str | Path], target: Path) -> Path:
    """Make the target, or keep the one that an earlier run left."""
    if target.exists():
        return target
    unfinished = target.with_name(f"unfinished-{target.name}")
    command = ["ffmpeg", "-v", "error", "-y", *map(str, words), str(unfinished)]
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(f"ffmpeg could not make {target}: {error}") from error
    return unfinished.rename(target)
