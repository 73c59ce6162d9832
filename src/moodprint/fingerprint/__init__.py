"""Landmarks of sound: the same recording found again."""

from moodprint.fingerprint.index import MatchIndex, tracks_in
from moodprint.fingerprint.records import AddReport, Match, Track
from moodprint.fingerprint.shared_music import (
    DuplicateGroup,
    SharedMusic,
    duplicate_groups,
    groups_of,
    shared_music,
)

__all__ = [
    "AddReport",
    "DuplicateGroup",
    "Match",
    "MatchIndex",
    "SharedMusic",
    "Track",
    "duplicate_groups",
    "groups_of",
    "shared_music",
    "tracks_in",
]
