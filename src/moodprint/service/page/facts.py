"""What the page says: gathered from the store, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from moodprint.evaluation.groups import unions
from moodprint.plain_text import one_line
from moodprint.prediction import UNSURE, Timeline
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.reports.explanation_text import cue_words, explanation_words
from moodprint.reports.html.track_drawing import Drawing, drawing
from moodprint.reports.timeline_text import clock, prediction_words, segment_words, timeline_words
from moodprint.service.outline import kind_of
from moodprint.service.page.strips import Patch, strip
from moodprint.service.store.tables import Analysis

_LEAST_SHARE = 0.05
"""Of the music: less is not worth a word."""

_MOST_DRAWN = 24
"""Files of a group: a drawing of more is a thicket; the list below it tells all."""


@dataclass(frozen=True)
class FileRow:
    """A file in a list: its row of the database, and its strip."""

    row: Analysis
    patches: Sequence[Patch]

    @property
    def words(self) -> str:
        """Its moods by their shares of the music's time, or where it stands."""
        row = self.row
        if row.state != "done":
            return row.error or row.state
        if row.emotion is None:
            return "no music"
        shares = {name: each for name, each in (row.shares or {}).items() if each >= _LEAST_SHARE}
        if set(shares) <= {UNSURE}:
            return f"unsure, perhaps {row.emotion}"
        ranked = sorted(shares.items(), key=lambda item: -item[1])
        if len(ranked) == 1:
            return ranked[0][0]
        return ", ".join(f"{name} {share:.0%}" for name, share in ranked)

    @property
    def length(self) -> str:
        """``4:35``."""
        return "" if self.row.duration_s is None else clock(self.row.duration_s)


def file_rows(rows: Sequence[Analysis]) -> list[FileRow]:
    """Files with the strips of those that were answered."""
    return [
        FileRow(row, strip(row.outline["stretches"], row.duration_s or 0.0) if row.outline else [])
        for row in rows
    ]


@dataclass(frozen=True)
class Use:
    """A place where a shared track plays."""

    analysis: str
    name: str
    start_s: float
    end_s: float

    @property
    def times(self) -> str:
        """``0:12-0:24``."""
        return f"{clock(self.start_s)}-{clock(self.end_s)}"


@dataclass(frozen=True)
class Track:
    """A shared track in words, and its uses."""

    name: str
    known: bool
    length: str
    uses: Sequence[Use]

    @property
    def files(self) -> int:
        """How many files hold it."""
        return len({use.analysis for use in self.uses})


def tracks_of(tracks: Sequence[dict[str, Any]], names: dict[str, str]) -> list[Track]:
    """The tracks that a collection's files share; ``names`` are those of its analyses."""
    return [
        Track(
            name=one_line(PurePath(track["name"]).name or track["name"]),
            known=track["known"],
            length=clock(track["duration_s"]),
            uses=[
                Use(use["analysis"], names.get(use["analysis"], ""), use["start_s"], use["end_s"])
                for use in track["uses"]
            ],
        )
        for track in tracks
    ]


def drawings_of(tracks: Sequence[Track]) -> list[Drawing]:
    """One for each group of files that tracks join, where it is not too large to be seen."""
    shared = [
        SharedTrack(
            track.name,
            tuple(TrackUse(_label(use), use.start_s, use.end_s) for use in track.uses),
            track.known,
        )
        for track in tracks
    ]
    files = sorted({file for track in shared for file in track.files})
    joins = ((track.files[0], file) for track in shared for file in track.files)
    first_of = unions(files, joins)
    groups: dict[str, list[str]] = {}
    for file in files:
        groups.setdefault(first_of[file], []).append(file)
    return [
        drawing(group, [track for track in shared if track.files[0] in group])
        for group in groups.values()
        if len(group) <= _MOST_DRAWN
    ]


def _label(use: Use) -> str:
    """The name of a file, told from others of the same name."""
    return f"{use.name} ({use.analysis[:4]})" if use.name else use.analysis


@dataclass(frozen=True)
class FilePage:
    """What is said of one file."""

    row: Analysis
    timeline: Timeline | None
    elsewhere: Sequence[Track]

    @property
    def headline(self) -> str:
        """The answer in a sentence."""
        return "" if self.timeline is None else timeline_words(self.timeline)

    @property
    def sureness(self) -> str:
        """How sure the answer for the whole is; '' without music."""
        if self.timeline is None or self.timeline.overall.emotion is None:
            return ""
        overall = self.timeline.overall
        said = f"as a whole {prediction_words(overall)}, confidence {overall.confidence:.0%}"
        if overall.abstained or overall.reliability is None:
            return said
        return f"{said}: {overall.reliability:.0%} of such answers were right on other music"

    @property
    def why(self) -> str:
        """The cues in words, or why there is no answer; '' where neither is known."""
        timeline = self.timeline
        if timeline is None:
            return ""
        emotion = timeline.overall.emotion
        if emotion is None or timeline.explanation is None:
            return timeline.reason or ""
        said = explanation_words(timeline.explanation, emotion)
        return f"{timeline.reason}. {said}" if timeline.reason else said

    @property
    def cues(self) -> list[tuple[str, str, str]]:
        """Of the whole: the name of each cue, what it is, and whether it speaks for the answer."""
        if self.timeline is None or self.timeline.explanation is None:
            return []
        explanation = self.timeline.explanation
        return [
            (
                cue.name.replace("_", " "),
                cue_words(cue, explanation.key),
                "for it" if cue.contribution > 0 else "against it",
            )
            for cue in sorted(explanation.cues, key=lambda cue: -abs(cue.contribution))
        ]

    @property
    def stretches(self) -> list[tuple[float, str, str, str]]:
        """The spans in order of time: start, times, class and words."""
        if self.timeline is None:
            return []
        from moodprint.reports.spans import spans

        return [
            (
                span.start_s,
                f"{clock(span.start_s)}-{clock(span.end_s)}",
                kind_of(span),
                segment_words(span),
            )
            for span in spans(self.timeline.segments)
        ]
