"""All songs against all, by each method: pairs with evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from moodprint.corpus.alignment import CREDIBLE, Harmony, align
from moodprint.corpus.cache import StepCache, key_of
from moodprint.corpus.describe import Description
from moodprint.corpus.duplicates import Evidence, Method
from moodprint.corpus.names import same_names
from moodprint.corpus.steps import FoundSong
from moodprint.engine.local import run

Progress = Callable[[str, int, int], None]
"""Told the name of a step, how many of its items are done, and how many there are."""


def by_names(songs: Sequence[FoundSong]) -> Iterator[Evidence]:
    """Songs with the same normalised title (and artist, where both have one)."""
    titles = {
        song.id: (song.details.get("title", ""), song.details.get("artist", "")) for song in songs
    }
    for first, second in same_names(titles):
        yield Evidence(first, second, Method.NAMES)


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
            stored = json.dumps([asdict(found) for found in self._found(number)]).encode()
            cache.put(key, stored)
        return [
            Evidence(**{**found, "method": Method(found["method"])}) for found in json.loads(stored)
        ]

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
    yield from _flat(run(function, range(len(songs)), workers=workers), len(songs), progress)


def _flat(outcomes: Iterable, total: int, progress: Progress) -> Iterator[Evidence]:  # type: ignore[type-arg]
    for done, outcome in enumerate(outcomes, 1):
        progress("compare harmonies", done, total)
        yield from outcome.unwrap()
