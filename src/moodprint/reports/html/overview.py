"""What a report says of all its files together: moods by time, the strongest passages, who shares
music, and the table as CSV."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.plain_text import one_line, spreadsheet_cell, spreadsheet_path
from moodprint.prediction import UNSURE, Failure, Presence
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import Sharing
from moodprint.reports.html.sections import Section, Stretch
from moodprint.reports.palette import COLOURS
from moodprint.reports.timeline_text import clock
from moodprint.reports.track_words import track_name, use_words

MOST_PASSAGES = 3
"""Of an emotion: a reader will hear no more of each."""

_SHORTEST_PASSAGE_S = 5.0
"""A segment: what is shorter is the joint of two."""

_ORDER = (Emotion.FEAR, Emotion.ANGRY, Emotion.SAD, Emotion.HAPPY, Emotion.CALM)
_SUPERLATIVES = {
    Emotion.FEAR: "Most fearful",
    Emotion.ANGRY: "Angriest",
    Emotion.SAD: "Saddest",
    Emotion.HAPPY: "Happiest",
    Emotion.CALM: "Calmest",
}


@dataclass(frozen=True)
class Share:
    """A part of the time: its name, seconds, share in [0, 1], and the colour of an emotion."""

    name: str
    seconds: float
    share: float
    colour: str | None = None

    @property
    def words(self) -> str:
        """``calm 40% (12:03)``."""
        return f"{self.name} {self.share:.0%} ({clock(self.seconds)})"


@dataclass(frozen=True)
class Passage:
    """A stretch of a file that is sure of an emotion, with its mean probability."""

    section: Section
    stretch: Stretch
    probability: float


@dataclass(frozen=True)
class Overview:
    """Of the files of a report; ``sharing`` is what they share, where that was asked."""

    sections: Sequence[Section]
    failures: Sequence[Failure]
    sharing: Sharing | None = None

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many files were answered, unsure, without music, and failed; none that is 0."""
        heads = [section.headline for section in self.sections]
        unsure, silent = heads.count(UNSURE), heads.count("no music")
        counted = [
            ("answered", len(heads) - unsure - silent),
            (UNSURE, unsure),
            ("no music", silent),
            ("failed", len(self.failures)),
        ]
        return [(name, count) for name, count in counted if count]

    @property
    def moods(self) -> list[Share]:
        """The time of the music by emotion, most first, then what is unsure."""
        held_s = dict.fromkeys([*map(str, EMOTIONS), UNSURE], 0.0)
        for section in self.sections:
            music_s = self._held_s(section)[Presence.MUSIC]
            for name, share in section.timeline.shares.items():
                held_s[name] += share * music_s
        colours = {str(emotion): colour for emotion, colour in COLOURS.items()}
        ranked = sorted(held_s.items(), key=lambda item: (item[0] == UNSURE, -item[1]))
        return _shares(ranked, colours)

    @property
    def presences(self) -> list[Share]:
        """All time by what was heard."""
        held_s = dict.fromkeys(map(str, Presence), 0.0)
        for section in self.sections:
            for presence, seconds in self._held_s(section).items():
                held_s[str(presence)] += seconds
        return _shares(list(held_s.items()), {})

    @cached_property
    def passages(self) -> list[tuple[str, Emotion, list[Passage]]]:
        """For each emotion that is found its three strongest passages: title, emotion, passages.

        Each file gives one to an emotion at most, so that three files are told where there are.
        """
        found = [(_SUPERLATIVES[emotion], emotion, self._strongest(emotion)) for emotion in _ORDER]
        return [each for each in found if each[2]]

    @property
    def tracks(self) -> list[dict[str, Any]]:
        """Tracks in two files or more: name, and each use with the id of its file's section."""
        ids = {section.timeline.source: section.id for section in self.sections}
        tracks = self.sharing.tracks if self.sharing else self._known_tracks()
        return [
            {
                "name": track_name(track),
                "files": len(track.files),
                "length": clock(track.duration_s),
                "uses": [
                    {
                        "id": ids.get(use.file),
                        "name": one_line(PurePath(use.file).name),
                        "times": use_words(use),
                        "start_s": round(use.start_s, 3),
                        "end_s": round(use.end_s, 3),
                    }
                    for use in track.uses
                ],
            }
            for track in tracks
        ]

    @property
    def csv_url(self) -> str:
        """The table of files as CSV, as an address that carries it."""
        data = base64.b64encode(overview_csv(self.sections, self.failures)).decode("ascii")
        return f"data:text/csv;charset=utf-8;base64,{data}"

    def _held_s(self, section: Section) -> dict[Presence, float]:
        held_s = dict.fromkeys(Presence, 0.0)
        for cell in cells(section.timeline.segments):
            held_s[cell.presence] += cell.end_s - cell.start_s
        return held_s

    def _strongest(self, emotion: Emotion) -> list[Passage]:
        best = []
        for section in self.sections:
            found = [
                Passage(section, stretch, stretch.answer.probabilities[emotion])
                for stretch in section.stretches
                if stretch.answer.emotion is emotion
                and not stretch.answer.abstained
                and stretch.duration_s >= _SHORTEST_PASSAGE_S
            ]
            if found:
                best.append(max(found, key=lambda passage: passage.probability))
        return sorted(best, key=lambda passage: -passage.probability)[:MOST_PASSAGES]

    def _known_tracks(self) -> list[SharedTrack]:
        """Those that an index found, as the segments name them."""
        uses: dict[str, list[TrackUse]] = {}
        for section in self.sections:
            for stretch in section.stretches:
                span = stretch.span
                if span.track is not None:
                    use = TrackUse(section.timeline.source, span.start_s, span.end_s)
                    uses.setdefault(span.track, []).append(use)
        tracks = [SharedTrack(name, tuple(found), known=True) for name, found in uses.items()]
        shared = [track for track in tracks if len(track.files) > 1]
        return sorted(shared, key=lambda track: -len(track.files))


def _shares(held_s: Sequence[tuple[str, float]], colours: dict[str, str]) -> list[Share]:
    total_s = sum(seconds for _, seconds in held_s)
    return [
        Share(name, seconds, seconds / total_s, colours.get(name))
        for name, seconds in held_s
        if seconds > 0
    ]


def overview_csv(sections: Sequence[Section], failures: Sequence[Failure]) -> bytes:
    """A row a file, safe to open in a spreadsheet: the answer, its numbers and its shares."""
    shares = [*map(str, EMOTIONS), UNSURE]
    names = ("file", "answer", "confidence", "valence", "arousal", "seconds")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*names, *(f"share_{name}" for name in shares), "error"])
    for section in sections:
        timeline, overall = section.timeline, section.timeline.overall
        writer.writerow(
            [
                spreadsheet_path(timeline.source),
                section.headline,
                *map(_number, (overall.confidence, overall.valence, overall.arousal)),
                round(timeline.duration_s, 3),
                *(round(timeline.shares[name], 4) for name in shares),
                "",
            ]
        )
    for failure in failures:
        blank = [""] * (len(names) + len(shares) - 2)
        name, error = spreadsheet_path(failure.source), spreadsheet_cell(failure.error)
        writer.writerow([name, "failed", *blank, error])
    return text.getvalue().encode("utf-8", "replace")


def _number(value: float | None) -> float | str:
    return "" if value is None else round(value, 4)
