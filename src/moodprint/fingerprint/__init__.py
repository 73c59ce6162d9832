"""Landmarks of sound: the same recording found again."""

from moodprint.fingerprint.duplicates import (
    DuplicateGroup,
    SharedMusic,
    duplicate_groups,
    groups_of,
    shared_music,
)
from moodprint.fingerprint.index import MatchIndex, tracks_in
from moodprint.fingerprint.match import AddReport, Match, Track

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
