"""Tracks that files share, in words."""

from __future__ import annotations

from pathlib import PurePath

from moodprint.plain_text import one_line
from moodprint.prediction import Presence
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.reports.timeline_text import clock


def track_name(track: SharedTrack) -> str:
    """Its name; of a known track the file's name without its folder."""
    return one_line(PurePath(track.name).name if track.known else track.name)


def track_words(track: SharedTrack) -> str:
    """``track A, 0:12 long, in 4 files``; other sound is said to be so."""
    kind = "" if track.presence is Presence.MUSIC else " (other sound)"
    times = f"{clock(track.duration_s)} long, in {len(track.files)} files"
    return f"{track_name(track)}{kind}, {times}"


def use_words(use: TrackUse) -> str:
    """``0:12-0:24``."""
    return f"{clock(use.start_s)}-{clock(use.end_s)}"
