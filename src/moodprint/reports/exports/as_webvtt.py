"""WebVTT: subtitles that say the emotion, in its colour, while the video plays."""

from __future__ import annotations

from moodprint.plain_text import one_line
from moodprint.prediction import Segment, Timeline
from moodprint.reports.exports.formats import FileFormat
from moodprint.reports.palette import COLOURS
from moodprint.reports.spans import lasting_spans
from moodprint.reports.timeline_text import segment_words, stamp


def render(timeline: Timeline) -> bytes:
    """A subtitle a stretch, in the colour of its emotion, in UTF-8."""
    blocks = [
        "WEBVTT",
        _note(f"{timeline.source}: emotion of the music, by moodprint, model {timeline.model}"),
        _style(),
        *(_cue(span) for span in lasting_spans(timeline.segments)),
    ]
    return ("\n\n".join(blocks) + "\n").encode("utf-8", "replace")


def _note(text: str) -> str:
    return "NOTE " + one_line(text).replace("-->", "->")


def _style() -> str:
    rules = "\n".join(f"::cue(.{name}) {{ color: {colour} }}" for name, colour in COLOURS.items())
    return f"STYLE\n{rules}"


def _cue(span: Segment) -> str:
    text = _escaped(segment_words(span))
    if span.prediction.emotion is not None and not span.prediction.abstained:
        text = f"<c.{span.prediction.emotion}>{text}</c>"
    return f"{stamp(span.start_s, '.')} --> {stamp(span.end_s, '.')}\n{text}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


WEBVTT = FileFormat("webvtt", ".vtt", "text/vtt", render)
