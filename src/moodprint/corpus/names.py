"""Titles as people write them, made alike: the sanity check beside the methods that listen."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

_NOISE = re.compile(
    r"\b(official|music|lyrics?|audio|video|visuali[sz]er|hd|hq|4k|full|(\d{4} )?remaster(ed)?"
    r"|explicit|clean|version|extended|original|free download|no copyright|copyright free|ncs)\b"
)
_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_FEATURED = re.compile(r"\b(feat|ft|featuring|with)\b\.?.*$")
_NUMBER = re.compile(r"^\s*\d{1,3}\s*[-._):]\s*|^\s*0\d\s+")
_SAYS_NOTHING = re.compile(r"^(track|song|untitled|unknown|audio|video|mix|compilation)?\s*\d*$")


def normal_title(title: str) -> str:
    """Lower case without accents, brackets, track number, guests and upload phrases.

    '' where nothing is left that names a song: "Track 7 (Official Audio)" names none.
    """
    plain = unicodedata.normalize("NFKD", title.replace("_", " ")).lower()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _FEATURED.sub("", _NUMBER.sub("", _BRACKETED.sub(" ", plain)))
    words = re.sub(r"[^\w]+", " ", _NOISE.sub(" ", plain)).split()
    name = " ".join(words)
    return "" if _SAYS_NOTHING.match(name) else name


def same_names(titles: Mapping[str, tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Pairs of songs with the same title, and the same artist where both name one.

    ``titles``: (title, artist) by song id; either may be ''.
    """
    by_title: dict[str, list[str]] = defaultdict(list)
    for song_id in sorted(titles):
        name = normal_title(titles[song_id][0])
        if name:
            by_title[name].append(song_id)
    for songs in by_title.values():
        for first, second in combinations(songs, 2):
            artists = {normal_title(titles[song][1]) for song in (first, second)} - {""}
            if len(artists) < 2:
                yield first, second
