"""Landmarks of sound: the same recording found again."""

from moodprint.fingerprint.index import MatchIndex, tracks_in
from moodprint.fingerprint.match import AddReport, Match, Track

__all__ = ["AddReport", "Match", "MatchIndex", "Track", "tracks_in"]
