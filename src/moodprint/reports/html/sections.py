"""What the page says of each file, in the words and numbers that the template places."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

from moodprint.explanation import Cue
from moodprint.plain_text import one_line
from moodprint.prediction import Prediction, Segment, Timeline
from moodprint.reports.explanation_text import explanation_words, value_words
from moodprint.reports.html.frames import Frame
from moodprint.reports.html.preview import Preview
from moodprint.reports.palette import COLOURS
from moodprint.reports.spans import spans
from moodprint.reports.timeline_text import (
    answer_words,
    clock,
    presence_shares,
    signed,
    sureness,
    timeline_words,
)


@dataclass(frozen=True)
class Section:
    """One analysed file on the page."""

    id: str
    timeline: Timeline
    preview: Preview
    audio_url: str | None
    frames: tuple[Frame, ...] = ()

    @property
    def source(self) -> str:
        """The path as it was given, safe to show."""
        return one_line(self.timeline.source)

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return one_line(PurePath(self.timeline.source).name) or self.source

    @property
    def length(self) -> str:
        """How long the file is, as people read it."""
        return clock(self.timeline.duration_s)

    @property
    def sureness(self) -> str:
        """How sure the answer is, in a word; '' where the model's card does not say."""
        overall = self.timeline.overall
        return "" if overall.reliability is None else sureness(overall)

    @property
    def sentence(self) -> str:
        """The answer in a sentence."""
        return timeline_words(self.timeline)

    @property
    def headline(self) -> str:
        """The answer in a word or two."""
        overall = self.timeline.overall
        if overall.emotion is None:
            return "no music"
        return "unsure" if overall.abstained else str(overall.emotion)

    @property
    def colour(self) -> str | None:
        """The colour of the answer, where there is one that is sure."""
        overall = self.timeline.overall
        if overall.emotion is None or overall.abstained:
            return None
        return COLOURS[overall.emotion]

    @property
    def ranked(self) -> list[tuple[str, float, str]]:
        """The emotions, most probable first: name, probability, colour."""
        overall = self.timeline.overall
        if overall.emotion is None:
            return []
        ranked = sorted(overall.probabilities.items(), key=lambda item: -item[1])
        return [(str(emotion), p, COLOURS[emotion]) for emotion, p in ranked]

    @property
    def presence(self) -> str:
        """What the file mainly is, in shares of its time."""
        shares = presence_shares(self.timeline).items()
        return ", ".join(f"{presence} {share:.0%}" for presence, share in shares if share >= 0.005)

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The rows of the list under the charts."""
        return [Stretch(span) for span in spans(self.timeline.segments)]

    @property
    def why(self) -> str:
        """Why the whole was answered so, in words; '' where that was not asked."""
        why, emotion = self.timeline.explanation, self.timeline.overall.emotion
        return explanation_words(why, emotion) if why is not None and emotion is not None else ""

    @property
    def cues(self) -> list[CueRow]:
        """The cues of the whole, those that pushed most first."""
        why = self.timeline.explanation
        if why is None:
            return []
        most = max(abs(cue.contribution) for cue in why.cues) or 1.0
        ranked = sorted(why.cues, key=lambda cue: -abs(cue.contribution))
        return [CueRow(cue, why.key, cue.contribution / most) for cue in ranked]

    @property
    def cues_agree(self) -> bool:
        """Whether the cues alone would have given the same answer."""
        why = self.timeline.explanation
        return why is not None and why.cues_say == self.timeline.overall.emotion

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures of the video: where a click goes, when it is, and the picture itself."""
        return [
            {
                "start_s": frame.time_s,
                "time": clock(frame.time_s),
                "url": "data:image/jpeg;base64," + base64.b64encode(frame.jpeg).decode("ascii"),
            }
            for frame in self.frames
        ]

    @property
    def has_emotion(self) -> bool:
        """Whether there is anything to draw over time."""
        return any(stretch.colour for stretch in self.stretches)

    def data(self, figure: dict[str, Any]) -> dict[str, Any]:
        """What the script of the page needs of this file."""
        return {
            "name": self.name,
            "duration": round(self.timeline.duration_s, 3),
            "peaks": list(self.preview.peaks),
            "figure": figure,
            "stretches": [stretch.data() for stretch in self.stretches],
        }


@dataclass(frozen=True)
class CueRow:
    """A row of the list of cues; ``share`` in [-1, 1] is its push, beside the strongest one's."""

    cue: Cue
    key: str | None
    share: float

    @property
    def name(self) -> str:
        """The cue's name in words."""
        return self.cue.name.replace("_", " ")

    @property
    def value(self) -> str:
        """Its value with its unit; of the mode the key, too."""
        value = value_words(self.cue)
        return f"{value} ({self.key})" if self.cue.name == "mode" and self.key else value

    @property
    def push(self) -> str:
        """What it adds to the margin of the answer, with its sign."""
        return signed(self.cue.contribution)


@dataclass(frozen=True)
class Stretch:
    """A row of the list under the charts."""

    span: Segment

    @property
    def start_s(self) -> float:
        """Where a click takes the player."""
        return self.span.start_s

    @property
    def duration_s(self) -> float:
        """How long it lasts."""
        return self.span.end_s - self.span.start_s

    @property
    def times(self) -> str:
        """From when to when."""
        return f"{clock(self.span.start_s)}-{clock(self.span.end_s)}"

    @property
    def words(self) -> str:
        """What it says."""
        return answer_words(self.span)

    @property
    def track(self) -> str:
        """The known track in it; '' for none."""
        return one_line(self.span.track or "")

    @property
    def why(self) -> str:
        """Why it was answered so; '' where that was not asked."""
        why, emotion = self.span.explanation, self.span.prediction.emotion
        return explanation_words(why, emotion) if why is not None and emotion is not None else ""

    @property
    def answer(self) -> Prediction:
        """The prediction, for its numbers."""
        return self.span.prediction

    @property
    def colour(self) -> str | None:
        """The colour of its emotion; None without music."""
        emotion = self.span.prediction.emotion
        return COLOURS[emotion] if emotion is not None else None

    def data(self) -> dict[str, Any]:
        """What the script of the page needs of it."""
        answer = self.span.prediction
        return {
            "start": round(self.span.start_s, 3),
            "end": round(self.span.end_s, 3),
            "presence": str(self.span.presence),
            "emotion": answer.emotion,
            "unsure": answer.emotion is not None and answer.abstained,
            "words": self.words,
        }
