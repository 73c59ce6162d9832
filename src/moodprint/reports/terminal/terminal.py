"""Answers and timelines on a terminal: in colours where it has them, in letters elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import Prediction, Presence, Segment, Timeline
from moodprint.reports.palette import COLOURS, LETTERS
from moodprint.reports.terminal.strip import Mark, mark_of, strip
from moodprint.reports.timeline_text import answer_words, clock, tick_step_s

_WITHOUT_EMOTION = {
    Presence.MUSIC: " ",
    Presence.SPEECH: ".",
    Presence.OTHER: "~",
    Presence.SILENCE: " ",
}
_ROOM_FOR_A_TICK = 10
"""Signs: the longest time, ``10:00:00``, with a gap."""


class Terminal:
    """How answers are drawn on a terminal: with blocks of colour, or with the letters a, c, f, h, s
    where there is no colour."""

    def __init__(self, *, has_colours: bool) -> None:
        self.has_colours = has_colours

    @classmethod
    def for_console(cls, console: Console) -> Terminal:
        """Letters for ``NO_COLOR``, pipes, files and terminals that are not UTF-8."""
        has_colours = console.color_system is not None and not console.no_color
        return cls(has_colours=has_colours and console.encoding.startswith("utf"))

    def answer(self, segment: Segment) -> Text:
        """What a segment says, in words."""
        return Text(answer_words(segment), self._style(mark_of(segment)))

    def emotion(self, prediction: Prediction, moods: Sequence[Emotion] = ()) -> Text:
        """``calm``, ``calm ?`` where that is unsure, ``no music``; of several ``moods`` in a row
        the first two: ``sad, happy ...``."""
        if len(moods) > 1:
            marks = [Mark(Presence.MUSIC, mood) for mood in moods[:2]]
            first, second = (Text(str(mark.emotion), self._style(mark)) for mark in marks)
            return Text.assemble(first, ", ", second, " ..." if len(moods) > len(marks) else "")
        if prediction.emotion is None:
            return Text("no music", "dim" if self.has_colours else "")
        mark = Mark(Presence.MUSIC, prediction.emotion, prediction.abstained)
        return Text(f"{prediction.emotion}{' ?' * prediction.abstained}", self._style(mark))

    def strip(self, timeline: Timeline, pieces: int) -> Text:
        """The timeline in ``pieces`` signs."""
        text = Text(no_wrap=True)
        for mark, run in groupby(strip(timeline, pieces)):
            text.append(self._sign(mark) * len(list(run)), self._style(mark))
        return text

    def axis(self, duration_s: float, pieces: int) -> Text:
        """Times under a strip of that many pieces."""
        most_ticks = max(1, pieces // _ROOM_FOR_A_TICK)
        step_s = tick_step_s(duration_s, most_ticks)
        line = ""
        for tick in range(int(duration_s / step_s) + 1):
            at = int(tick * step_s / duration_s * pieces) if duration_s > 0 else 0
            label = clock(tick * step_s)
            if at + len(label) <= pieces:
                line = line.ljust(at) + label
        return Text(line, "dim" if self.has_colours else "")

    def legend(self) -> Text:
        """What the signs of a strip mean."""
        signs = Text()
        for emotion in EMOTIONS:
            mark = Mark(Presence.MUSIC, emotion)
            signs.append(self._sign(mark), self._style(mark)).append(f" {emotion}  ")
        unsure = self._sign(Mark(Presence.MUSIC, Emotion.CALM, unsure=True))
        return signs.append(f"{unsure} unsure  . speech  ~ other sound  (blank) silence")

    def _sign(self, mark: Mark) -> str:
        if mark.emotion is None:
            return _WITHOUT_EMOTION[mark.presence]
        if self.has_colours:
            return "░" if mark.unsure else "█"
        return "?" if mark.unsure else LETTERS[mark.emotion]

    def _style(self, mark: Mark) -> str:
        if not self.has_colours:
            return ""
        if mark.emotion is None:
            return "dim"
        return COLOURS[mark.emotion] if mark.unsure else f"bold {COLOURS[mark.emotion]}"
