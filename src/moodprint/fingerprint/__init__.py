"""Landmarks of sound: the same recording found again."""

from moodprint.fingerprint.batch import QueryAnswer, query_files
from moodprint.fingerprint.index import MatchIndex, tracks_in
from moodprint.fingerprint.records import AddReport, IndexedTrack, Match
from moodprint.fingerprint.shared_music import (
    DuplicateGroup,
    FileComparison,
    SharedMusic,
    compare_files,
    duplicate_groups,
    groups_of,
    shared_music,
)

__all__ = [
    "AddReport",
    "DuplicateGroup",
    "FileComparison",
    "IndexedTrack",
    "Match",
    "MatchIndex",
    "QueryAnswer",
    "SharedMusic",
    "compare_files",
    "duplicate_groups",
    "groups_of",
    "query_files",
    "shared_music",
    "tracks_in",
]
