"""All songs against all, by each method: pairs with evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from moodprint.corpus.alignment import CREDIBLE_SCORE, Harmony, align
from moodprint.corpus.describe import Description
from moodprint.corpus.duplicate_groups import Evidence, Method
from moodprint.corpus.lookup import Service, by_network
from moodprint.corpus.names import same_names
from moodprint.corpus.step_cache import StepCache, key_of
from moodprint.corpus.step_runner import StepRunner
from moodprint.corpus.steps import FoundSong
from moodprint.fingerprint import IndexedTrack, Match, MatchIndex
from moodprint.fingerprint.peaks import SpectralPeaks

LEAST_LANDMARKS = 24.0
"""Decades from which two songs share a recording: more than a query needs, since songs that share
10 s and up are far above it, and two of one style may share a loop of drums."""


def find_duplicates(
    songs: Sequence[FoundSong],
    descriptions: Mapping[str, Description],
    methods: frozenset[Method],
    services: Sequence[Service],
    runner: StepRunner,
) -> list[Evidence]:
    """All pairs that any of the methods and services finds, by pair and method.

    Raises:
        FetchError: a service cannot be reached. The next run goes on from there.
    """
    found: list[Evidence] = []
    if Method.LANDMARKS in methods:
        found += by_landmarks(descriptions, runner)
    if Method.CHROMA in methods:
        found += by_chroma(descriptions, runner)
    if Method.NAMES in methods:
        found += by_names(songs)
    if services:
        found += by_network(songs, services, runner)
    return sorted(found, key=lambda evidence: (evidence.pair, evidence.method))


def by_names(songs: Sequence[FoundSong]) -> Iterator[Evidence]:
    """Songs with the same normalised title (and artist, where both have one)."""
    titles = {
        song.id: (song.details.get("title", ""), song.details.get("artist", "")) for song in songs
    }
    for first, second in same_names(titles):
        yield Evidence(first, second, Method.NAMES)


@dataclass(frozen=True)
class QueryIndex:
    """Look a song up in an index of all songs."""

    cache_folder: Path
    index_folder: Path

    def __call__(self, work: tuple[str, SpectralPeaks]) -> list[Evidence]:
        """``work``: a song's id and landmarks. Its own entry in the index does not count."""
        song, landmarks = work
        cache = StepCache(self.cache_folder)
        key = key_of("landmarks", 1, self.index_folder.name, song)
        stored = cache.get(key)
        if stored is None:
            matches = _opened(self.index_folder).query_peaks(landmarks)
            found = [_by_match(song, match) for match in matches if match.track != song]
            stored = _to_bytes(found)
            cache.put(key, stored)
        return _from_bytes(stored)


@lru_cache(maxsize=1)
def _opened(folder: Path) -> MatchIndex:
    """Once a process: its name is the hash of all songs in it, so it never changes."""
    return MatchIndex.open(folder)


def by_landmarks(descriptions: Mapping[str, Description], runner: StepRunner) -> list[Evidence]:
    """Songs that share a recording, or a part of one; the best match of each pair."""
    songs = sorted(descriptions)
    folder = runner.cache / f"index-{key_of(songs)[:16]}"
    sounds = [(song, descriptions[song].landmarks) for song in songs]
    MatchIndex.open_or_create(folder).add_peaks(
        (IndexedTrack(song, song, sound.duration_s), sound) for song, sound in sounds
    )
    best: dict[tuple[str, str], Evidence] = {}
    query = QueryIndex(runner.cache, folder)
    for outcome in runner.each("compare landmarks", query, sounds):
        for found in outcome.unwrap():
            known = best.get(found.pair)
            if found.score >= LEAST_LANDMARKS and (known is None or found.score > known.score):
                best[found.pair] = found
    return list(best.values())


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
        """``number``: which of the songs."""
        cache = StepCache(self.cache_folder)
        key = key_of("alignment", 1, CREDIBLE_SCORE, self.songs[number:])
        stored = cache.get(key)
        if stored is None:
            stored = _to_bytes(self._found(number))
            cache.put(key, stored)
        return _from_bytes(stored)

    def _found(self, number: int) -> Iterator[Evidence]:
        places = align(self.harmonies[number], self.harmonies[number + 1 :])
        for other, place in zip(self.songs[number + 1 :], places, strict=True):
            if place is not None and place.score >= CREDIBLE_SCORE:
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


def by_chroma(descriptions: Mapping[str, Description], runner: StepRunner) -> list[Evidence]:
    """Songs whose harmony aligns. The work grows with the square of the number of songs."""
    songs = tuple(sorted(descriptions))
    harmonies = tuple(Harmony.of(descriptions[song].chroma) for song in songs)
    function = AlignWithLater(runner.cache, songs, harmonies)
    outcomes = runner.each("compare harmonies", function, range(len(songs)))
    return [found for outcome in outcomes for found in outcome.unwrap()]


def _to_bytes(evidence: Iterable[Evidence]) -> bytes:
    return json.dumps([asdict(found) for found in evidence]).encode()


def _from_bytes(stored: bytes) -> list[Evidence]:
    return [
        Evidence(**{**found, "method": Method(found["method"])}) for found in json.loads(stored)
    ]
