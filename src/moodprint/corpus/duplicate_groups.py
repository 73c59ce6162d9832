"""Which songs are the same: evidence from several methods, and the groups that it makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from moodprint.errors import unknown_name
from moodprint.evaluation.groups import unions


class Method(StrEnum):
    """How two songs are found to be the same; each can be used alone."""

    LANDMARKS = "landmarks"
    """The same recording, from 5 s on, at another speed, pitch or level, under speech."""
    CHROMA = "chroma"
    """The same harmony in the same order: near copies and edits."""
    NAMES = "names"
    """The same title in the tags or chapter marks: a sanity check."""
    NETWORK = "network"
    """The same recording by AcoustID or Shazam; only where look-ups are allowed."""

    @classmethod
    def listed(cls, names: str) -> frozenset[Method]:
        """The methods of a list such as ``landmarks,names``; none for ''.

        Raises:
            OptionError: an unknown name; it lists the known ones.
        """
        given = [name.strip() for name in names.split(",") if name.strip()]
        for name in given:
            if name not in set(cls):
                raise unknown_name("method", name, cls)
        return frozenset(map(cls, given))


JOINING = frozenset((Method.LANDMARKS, Method.CHROMA, Method.NETWORK))
"""Methods whose word makes a group. Titles alone do not: many songs are called "Battle"."""


@dataclass(frozen=True)
class Evidence:
    """That two songs are the same, and where.

    Second ``first_offset_s`` of the first song is ``second_offset_s`` of the second, both from
    the start of the song. ``speed`` and ``pitch_semitones`` are those of the first over the
    second. ``score`` is the method's own; 0 where it gives none.
    """

    first: str
    second: str
    method: Method
    score: float = 0.0
    first_offset_s: float = 0.0
    second_offset_s: float = 0.0
    duration_s: float = 0.0
    speed: float = 1.0
    pitch_semitones: float = 0.0

    @property
    def pair(self) -> tuple[str, str]:
        """Both songs, whichever was compared with the other."""
        return (min(self.first, self.second), max(self.first, self.second))


def groups(songs: Iterable[str], evidence: Iterable[Evidence]) -> dict[str, str]:
    """The group of each song: the smallest id among those joined to it, its own where none is.

    Only the evidence of JOINING methods joins.
    """
    return unions(sorted(songs), (found.pair for found in evidence if found.method in JOINING))


def conflicts(group_of: Mapping[str, str], emotion_of: Mapping[str, str | None]) -> set[str]:
    """Groups whose songs stand under different emotions."""
    emotions_of: dict[str, set[str]] = {}
    for song, group in group_of.items():
        emotion = emotion_of[song]
        if emotion is not None:
            emotions_of.setdefault(group, set()).add(emotion)
    return {group for group, emotions in emotions_of.items() if len(emotions) > 1}


def agreement(evidence: Iterable[Evidence]) -> dict[str, int]:
    """How many pairs each combination of methods found, such as ``chroma+landmarks``."""
    methods: dict[tuple[str, str], set[str]] = {}
    for found in evidence:
        methods.setdefault(found.pair, set()).add(found.method.value)
    counts = Counter("+".join(sorted(names)) for names in methods.values())
    return dict(sorted(counts.items()))
