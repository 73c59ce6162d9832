"""From stretches that files share two by two to tracks: one piece of music, and where it plays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from string import ascii_uppercase
from typing import Any

from moodprint.evaluation.groups import unions
from moodprint.fingerprint import Match, QueryAnswer, SharedMusic
from moodprint.prediction import Presence

_SAME_SHARE = 0.5
"""Two stretches of a file are of one track where they share half of the shorter one: less is the
scatter of the ends of two that follow each other."""

_GAP_S = 1.0
"""Stretches of a track this near to each other are one use of it."""


@dataclass(frozen=True)
class TrackUse:
    """Where a file holds a track, in seconds."""

    file: str
    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """How long it plays there."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class SharedTrack:
    """Music that two files or more hold, in order of file and time.

    ``known`` is whether its name is that of a track in an index; else it is ``track A`` and so on.
    ``presence`` is music, or other sound that is no speech.
    """

    name: str
    uses: tuple[TrackUse, ...]
    known: bool = False
    presence: Presence = Presence.MUSIC

    @property
    def duration_s(self) -> float:
        """The longest that a file holds of it."""
        return max(use.duration_s for use in self.uses)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that hold it, in order."""
        return tuple(dict.fromkeys(use.file for use in self.uses))

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        uses = [
            {"file": use.file, "start_s": round(use.start_s, 3), "end_s": round(use.end_s, 3)}
            for use in self.uses
        ]
        return {
            "name": self.name,
            "known": self.known,
            "presence": self.presence.value,
            "duration_s": round(self.duration_s, 3),
            "files": list(self.files),
            "uses": uses,
        }


@dataclass(frozen=True)
class _Piece:
    """A stretch of a file, and the number of the match or the name of the known track it is of."""

    file: str
    start_s: float
    end_s: float
    of: int | str


def shared_tracks(
    stretches: Sequence[tuple[SharedMusic, Presence]], known: Iterable[QueryAnswer] = ()
) -> tuple[SharedTrack, ...]:
    """The tracks that two files or more hold: in most files first, then the longest.

    ``stretches`` are what pairs of files share, and what that is; ``known`` the tracks of an index
    in each file, which join files, too, and give their names.
    """
    matches = {answer.query: answer.matches for answer in known}
    pieces = [*_of_stretches(stretches), *_of_known(matches)]
    things = list(dict.fromkeys(piece.of for piece in pieces))
    first_of = unions(things, _joins(pieces))
    groups: dict[int | str, list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault(first_of[piece.of], []).append(piece)
    evidence = _evidence(matches)
    tracks = [_track(group, stretches, evidence) for group in groups.values()]
    return _named([track for track in tracks if len(track.files) > 1])


def _of_stretches(stretches: Sequence[tuple[SharedMusic, Presence]]) -> list[_Piece]:
    return [
        _Piece(file, *span, number)
        for number, (stretch, _) in enumerate(stretches)
        for file, span in stretch.spans.items()
    ]


def _of_known(matches: Mapping[str, Sequence[Match]]) -> list[_Piece]:
    return [
        _Piece(file, match.query_offset_s, match.query_offset_s + match.duration_s, match.track)
        for file, found in matches.items()
        for match in found
    ]


def _joins(pieces: Sequence[_Piece]) -> Iterable[tuple[int | str, int | str]]:
    """What lies at the same place of a file is of one track."""
    ordered = sorted(pieces, key=lambda piece: piece.file)
    for _, group in groupby(ordered, key=lambda piece: piece.file):
        for one, other in combinations(group, 2):
            common_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
            shorter_s = min(one.end_s - one.start_s, other.end_s - other.start_s)
            if common_s >= _SAME_SHARE * shorter_s > 0:
                yield one.of, other.of


def _evidence(matches: Mapping[str, Sequence[Match]]) -> dict[str, float]:
    """All scores of each known track."""
    total: dict[str, float] = {}
    for found in matches.values():
        for match in found:
            total[match.track] = total.get(match.track, 0.0) + match.score
    return total


def _track(
    group: Sequence[_Piece],
    stretches: Sequence[tuple[SharedMusic, Presence]],
    evidence: Mapping[str, float],
) -> SharedTrack:
    names = {piece.of for piece in group if isinstance(piece.of, str)}
    presences = {stretches[piece.of][1] for piece in group if isinstance(piece.of, int)}
    is_music = bool(names) or Presence.MUSIC in presences
    return SharedTrack(
        name=max(names, key=lambda name: (evidence[name], name), default=""),
        uses=tuple(_uses(group)),
        known=bool(names),
        presence=Presence.MUSIC if is_music else Presence.OTHER,
    )


def _uses(group: Sequence[_Piece]) -> list[TrackUse]:
    """Pieces that touch put together, by file and time."""
    uses: list[TrackUse] = []
    for piece in sorted(group, key=lambda piece: (piece.file, piece.start_s)):
        last = uses[-1] if uses else None
        if last and last.file == piece.file and piece.start_s <= last.end_s + _GAP_S:
            uses[-1] = TrackUse(last.file, last.start_s, max(last.end_s, piece.end_s))
        else:
            uses.append(TrackUse(piece.file, piece.start_s, piece.end_s))
    return uses


def _named(tracks: Sequence[SharedTrack]) -> tuple[SharedTrack, ...]:
    ordered = sorted(tracks, key=lambda track: (-len(track.files), -track.duration_s, track.files))
    unknown = iter(range(len(tracks)))
    return tuple(
        track
        if track.known
        else SharedTrack(f"track {_letters(next(unknown))}", track.uses, False, track.presence)
        for track in ordered
    )


def _letters(number: int) -> str:
    """A, B, ... Z, AA, AB ..."""
    before, last = divmod(number, len(ascii_uppercase))
    return (_letters(before - 1) if before else "") + ascii_uppercase[last]
