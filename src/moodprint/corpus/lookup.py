"""What AcoustID and Shazam call a song. Asked only where the user allows network look-ups."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

from moodprint.audio.decode import decode
from moodprint.audio.decode_options import DecodeOptions
from moodprint.audio.encode import encode
from moodprint.clip import Clip
from moodprint.corpus.duplicate_groups import Evidence, Method
from moodprint.corpus.step_cache import StepCache, key_of
from moodprint.corpus.step_runner import StepRunner
from moodprint.corpus.steps import FoundSong
from moodprint.engine import Limits
from moodprint.errors import FetchError, MissingExtraError, is_of_the_file
from moodprint.files import temporary_folder

_ACOUSTID_URL = "https://api.acoustid.org/v2/"
_ACOUSTID_READS_S = 120.0
"""fpcalc's own default, and so what the fingerprints in AcoustID's database are of."""
_SHAZAM_READS_S = 12.0
"""What shazamio itself takes from the middle of longer sound."""
_LONGEST_S = 1800.0
"""Of longer songs the first half hour is enough, and takes 320 MB."""
_TIME_LIMIT_S = 600.0
"""For one song and all services: several tries, each with a limit of its own."""
_LEAST_SCORE = 0.5
"""AcoustID says from 0 to 1 how alike the fingerprints are; below a half it is a guess."""


@dataclass(frozen=True)
class Recognised:
    """A recording that a service knows: ``key`` is the service's name for it."""

    service: str
    key: str
    title: str = ""
    artist: str = ""
    score: float = 1.0


class Service(Protocol):
    """Something that can be asked what a clip is. () where it does not know.

    Raises FetchError where it cannot be reached or refuses.
    """

    def recognise(self, clip: Clip) -> tuple[Recognised, ...]:
        """All recordings that the service takes the clip for."""
        ...


def _check_package(module: str, package: str) -> None:
    if find_spec(module) is None:
        raise MissingExtraError(package, "collect")


@dataclass(frozen=True)
class AcoustID:
    """AcoustID by pyacoustid and fpcalc: the first two minutes decide, so it knows whole songs."""

    api_key: str
    url: str = _ACOUSTID_URL
    timeout_s: float = 30.0

    def recognise(self, clip: Clip) -> tuple[Recognised, ...]:
        """See Service."""
        _check_package("acoustid", "pyacoustid")
        import acoustid

        acoustid.set_base_url(self.url)
        try:
            with temporary_folder() as folder:
                path = encode(_part(clip, 0.0, _ACOUSTID_READS_S), folder / "song.wav")
                # fpcalc 1.5.1 fails where it reads to the end (FFmpeg's "End of file")
                reads_s = max(1, int(min(clip.duration_s, _ACOUSTID_READS_S)) - 1)
                _, print_ = acoustid.fingerprint_file(str(path), reads_s, force_fpcalc=True)
            answer = acoustid.lookup(self.api_key, print_, clip.duration_s, timeout=self.timeout_s)
            known = list(acoustid.parse_lookup_result(answer))
        except (acoustid.AcoustidError, KeyError, TypeError, OSError) as error:
            raise FetchError(f"AcoustID: {error}") from error
        return tuple(
            Recognised("acoustid", str(key), title or "", artist or "", float(score))
            for score, key, title, artist in known
            if score >= _LEAST_SCORE
        )


@dataclass(frozen=True)
class Shazam:
    """Shazam by shazamio: 12 s from the middle decide. ``client`` sends the requests (its own
    where None)."""

    client: Any = None

    def recognise(self, clip: Clip) -> tuple[Recognised, ...]:
        """See Service."""
        _check_package("shazamio", "shazamio")
        import shazamio

        start_s = max(0.0, (clip.duration_s - _SHAZAM_READS_S) / 2)
        with temporary_folder() as folder:
            path = encode(_part(clip, start_s, _SHAZAM_READS_S), folder / "song.wav")
            sound = path.read_bytes()
        try:
            answer = asyncio.run(_ask(shazamio, self.client, sound))
        except Exception as error:  # shazamio, aiohttp and its Rust core each raise their own
            raise FetchError(f"Shazam: {error}") from error
        track = answer.get("track") or {}
        if not track.get("key"):
            return ()
        title, artist = str(track.get("title", "")), str(track.get("subtitle", ""))
        return (Recognised("shazam", str(track["key"]), title, artist),)


def services(network: bool, acoustid_key: str = "") -> tuple[Service, ...]:
    """Whom to ask: nobody unless ``network`` allows it, then Shazam, and AcoustID with a key.

    Raises:
        MissingExtraError: the package of a service is not installed.
    """
    if not network:
        return ()
    _check_package("shazamio", "shazamio")
    if acoustid_key:
        _check_package("acoustid", "pyacoustid")
    return (Shazam(), *([AcoustID(acoustid_key)] if acoustid_key else []))


@dataclass(frozen=True)
class AskServices:
    """Ask all services what a song is; answers are kept, and asked for once."""

    cache_folder: Path
    services: tuple[Service, ...]

    def __call__(self, song: FoundSong) -> tuple[Recognised, ...]:
        """All their answers. Raises FetchError, and all that decode raises."""
        cache = StepCache(self.cache_folder)
        clip, answers = None, []
        for service in self.services:
            key = key_of("network", 1, type(service).__name__, song.source_hash, song.span)
            stored = cache.get(key)
            if stored is None:
                clip = _sound_of(song) if clip is None else clip
                stored = json.dumps([asdict(each) for each in service.recognise(clip)]).encode()
                cache.put(key, stored)
            answers += [Recognised(**answer) for answer in json.loads(stored)]
        return tuple(answers)


def by_network(
    songs: Sequence[FoundSong], services: Sequence[Service], runner: StepRunner
) -> Iterator[Evidence]:
    """Songs that a service calls by the same name. They are asked for one song at a time; one
    whose file cannot be read any more is not asked for.

    Raises:
        FetchError: a service cannot be reached. The next run goes on from there.
    """
    ask = AskServices(runner.cache, tuple(services))
    one_at_a_time = replace(runner, workers=1)
    limits = Limits(_TIME_LIMIT_S)
    known = {}
    for outcome in one_at_a_time.each("ask services", ask, songs, limits):
        if outcome.error is None or not is_of_the_file(outcome.error):
            known[outcome.item.id] = outcome.unwrap()
    yield from same_recordings(known)


def _sound_of(song: FoundSong) -> Clip:
    """As much of a song as any service looks at."""
    options = DecodeOptions(longest_s=_LONGEST_S)
    start_s, stop_s = song.span.start_s, song.span.end_s
    return decode(song.recording.path, mono=True, start_s=start_s, stop_s=stop_s, options=options)


def same_recordings(known: Mapping[str, Sequence[Recognised]]) -> Iterator[Evidence]:
    """Pairs of songs for which a service gave the same name. ``known``: answers by song id."""
    songs_of: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for song in sorted(known):
        for answer in known[song]:
            songs_of.setdefault((answer.service, answer.key), []).append((song, answer.score))
    seen = set()
    for _, songs in sorted(songs_of.items()):
        for (first, one), (second, two) in combinations(songs, 2):
            if first != second and (first, second) not in seen:
                seen.add((first, second))
                yield Evidence(first, second, Method.NETWORK, round(min(one, two), 3))


async def _ask(shazamio: Any, client: Any, sound: bytes) -> dict[str, Any]:
    async with shazamio.Shazam(http_client=client) as service:
        return await service.recognize(sound)


def _part(clip: Clip, start_s: float, length_s: float) -> Clip:
    rate = clip.sample_rate_hz
    first = round(start_s * rate)
    return Clip(clip.mono[None, first : first + round(length_s * rate)], rate)
