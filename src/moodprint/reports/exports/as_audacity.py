"""Audacity label track: File > Import > Labels shows the emotions under the waveform."""

from __future__ import annotations

from moodprint.prediction import Timeline
from moodprint.reports.exports.formats import FileFormat
from moodprint.reports.spans import spans
from moodprint.reports.timeline_text import segment_words


def render(timeline: Timeline) -> bytes:
    """A line a stretch: start and end in seconds, and what it says, between tabs."""
    lines = [
        f"{span.start_s:.6f}\t{span.end_s:.6f}\t{segment_words(span)}\n"
        for span in spans(timeline.segments)
    ]
    return "".join(lines).encode("utf-8", "replace")


AUDACITY = FileFormat("audacity", ".txt", "text/plain", render)
