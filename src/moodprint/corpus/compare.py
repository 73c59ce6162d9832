"""All songs against all, by each method: pairs with evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moodprint.audio.decode import decode
from moodprint.corpus.alignment import CREDIBLE, Harmony, align
from moodprint.corpus.cache import StepCache, key_of
from moodprint.corpus.describe import Description
from moodprint.corpus.duplicate_groups import Evidence, Method
from moodprint.corpus.lookup import Recognised, Service, same_recordings
from moodprint.corpus.names import same_names
from moodprint.corpus.steps import FoundSong
from moodprint.engine import Outcome, Progress, run
from moodprint.fingerprint import IndexedTrack, Match, MatchIndex
from moodprint.fingerprint.peaks import SpectralPeaks


def by_names(songs: Sequence[FoundSong]) -> Iterator[Evidence]:
    """Songs with the same normalised title (and artist, where both have one)."""
    titles = {
        song.id: (song.details.get("title", ""), song.details.get("artist", "")) for song in songs
    }
    for first, second in same_names(titles):
        yield Evidence(first, second, Method.NAMES)


def by_network(
    songs: Sequence[FoundSong],
    services: Sequence[Service],
    cache_folder: Path,
    progress: Progress,
) -> Iterator[Evidence]:
    """Songs that a service calls by the same name; answers are kept, and asked for once.

    Raises:
        FetchError: a service cannot be reached. The next run goes on from there.
    """
    cache = StepCache(cache_folder)
    known: dict[str, list[Recognised]] = {song.id: [] for song in songs}
    for done, song in enumerate(songs, 1):
        for service in services:
            key = key_of("network", 1, type(service).__name__, song.source_hash, song.span)
            stored = cache.get(key)
            if stored is None:
                span = song.span
                clip = decode(song.recording.path, start_s=span.start_s, stop_s=span.end_s)
                answers = [asdict(answer) for answer in service.recognise(clip)]
                stored = json.dumps(answers).encode()
                cache.put(key, stored)
            known[song.id] += [Recognised(**answer) for answer in json.loads(stored)]
        progress("ask services", done, len(songs))
    yield from same_recordings(known)


LEAST_LANDMARKS = 24.0
"""Decades from which two songs share a recording: more than a query needs, since songs that share
10 s and up are far above it, and two of one style may share a loop of drums."""


@dataclass(frozen=True)
class QueryIndex:
    """Look a song up in an index of all songs."""

    cache_folder: Path
    index_folder: Path

    def __call__(self, work: tuple[str, SpectralPeaks]) -> list[Evidence]:
        song, heard = work
        cache = StepCache(self.cache_folder)
        key = key_of("landmarks", 1, self.index_folder.name, song)
        stored = cache.get(key)
        if stored is None:
            matches = MatchIndex.open(self.index_folder).query_peaks(heard)
            found = [_by_match(song, match) for match in matches if match.track != song]
            stored = _to_bytes(found)
            cache.put(key, stored)
        return _from_bytes(stored)


def by_landmarks(
    descriptions: Mapping[str, Description],
    cache_folder: Path,
    workers: int | None,
    progress: Progress,
) -> Iterator[Evidence]:
    """Songs that share a recording, or a part of one; the best match of each pair."""
    songs = sorted(descriptions)
    folder = cache_folder / f"index-{key_of(songs)[:16]}"
    index = MatchIndex.open_or_create(folder)
    sounds = [(song, descriptions[song].heard) for song in songs]
    index.add_peaks((IndexedTrack(song, song, heard.duration_s), heard) for song, heard in sounds)
    best: dict[tuple[str, str], Evidence] = {}
    outcomes = run(QueryIndex(cache_folder, folder), sounds, workers=workers)
    for found in _flat(outcomes, len(songs), progress, "compare landmarks"):
        if found.score < LEAST_LANDMARKS:
            continue
        if found.pair not in best or found.score > best[found.pair].score:
            best[found.pair] = found
    yield from best.values()


def _by_match(song: str, match: Match) -> Evidence:
    return Evidence(
        first=song,
        second=match.track,
        method=Method.LANDMARKS,
        score=round(match.score, 2),
        first_offset_s=round(match.query_offset_s, 2),
        second_offset_s=round(match.track_offset_s, 2),
        duration_s=round(match.duration_s, 2),
        speed=round(match.speed, 4),
        pitch_semitones=round(match.pitch_semitones, 2),
    )


@dataclass(frozen=True)
class AlignWithLater:
    """Align one song with all that come after it."""

    cache_folder: Path
    songs: tuple[str, ...]
    harmonies: tuple[Harmony, ...]

    def __call__(self, number: int) -> list[Evidence]:
        cache = StepCache(self.cache_folder)
        key = key_of("alignment", 1, CREDIBLE, self.songs[number:])
        stored = cache.get(key)
        if stored is None:
            stored = _to_bytes(self._found(number))
            cache.put(key, stored)
        return _from_bytes(stored)

    def _found(self, number: int) -> Iterator[Evidence]:
        places = align(self.harmonies[number], self.harmonies[number + 1 :])
        for other, place in zip(self.songs[number + 1 :], places, strict=True):
            if place is not None and place.score >= CREDIBLE:
                yield Evidence(
                    first=self.songs[number],
                    second=other,
                    method=Method.CHROMA,
                    score=round(place.score, 2),
                    first_offset_s=round(place.first_s, 2),
                    second_offset_s=round(place.second_s, 2),
                    duration_s=place.duration_s,
                    speed=place.speed,
                    pitch_semitones=place.transposed,
                )


def by_chroma(
    descriptions: Mapping[str, Description],
    cache_folder: Path,
    workers: int | None,
    progress: Progress,
) -> Iterator[Evidence]:
    """Songs whose harmony aligns. The work grows with the square of the number of songs."""
    songs = tuple(sorted(descriptions))
    harmonies = tuple(Harmony.of(descriptions[song].chroma) for song in songs)
    function = AlignWithLater(cache_folder, songs, harmonies)
    outcomes = run(function, range(len(songs)), workers=workers)
    yield from _flat(outcomes, len(songs), progress, "compare harmonies")


def _flat(
    outcomes: Iterable[Outcome[Any, list[Evidence]]], total: int, progress: Progress, step: str
) -> Iterator[Evidence]:
    for done, outcome in enumerate(outcomes, 1):
        progress(step, done, total)
        yield from outcome.unwrap()


def _to_bytes(evidence: Iterable[Evidence]) -> bytes:
    return json.dumps([asdict(found) for found in evidence]).encode()


def _from_bytes(stored: bytes) -> list[Evidence]:
    return [
        Evidence(**{**found, "method": Method(found["method"])}) for found in json.loads(stored)
    ]
