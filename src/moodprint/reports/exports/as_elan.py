"""ELAN (EAF 3.0): time-aligned tiers of emotion, presence, valence, arousal and known tracks.

The format: https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf
"""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from urllib.parse import quote

from moodprint.cells import cells
from moodprint.plain_text import one_line
from moodprint.prediction import Segment, Timeline
from moodprint.reports.exports.formats import FileFormat
from moodprint.reports.spans import presence_spans, spans
from moodprint.reports.timeline_text import prediction_words

_NO_DATE = "1970-01-01T00:00:00+00:00"
"""The schema demands a date; a fixed one keeps two runs alike to the byte."""

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LINGUISTIC_TYPE = "default-lt"
_MEDIA_TYPES = {
    ".wav": "audio/x-wav",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
}

Mark = tuple[float, float, str]


def render(timeline: Timeline) -> bytes:
    """The tiers of a file in EAF, in UTF-8."""
    document = ET.Element(
        "ANNOTATION_DOCUMENT",
        {"AUTHOR": "moodprint", "DATE": _NO_DATE, "FORMAT": "3.0", "VERSION": "3.0"}
        | {f"{{{_XSI}}}noNamespaceSchemaLocation": _SCHEMA},
    )
    document.append(_header(timeline))
    order = ET.SubElement(document, "TIME_ORDER")
    numbers = itertools.count(1)
    for tier_id, marks in _tiers(timeline):
        document.append(_tier(tier_id, marks, order, numbers))
    ET.SubElement(
        document,
        "LINGUISTIC_TYPE",
        LINGUISTIC_TYPE_ID=_LINGUISTIC_TYPE,
        TIME_ALIGNABLE="true",
        GRAPHIC_REFERENCES="false",
    )
    ET.indent(document)
    xml: bytes = ET.tostring(document, encoding="UTF-8", xml_declaration=True)
    return xml + b"\n"


def _header(timeline: Timeline) -> ET.Element:
    header = ET.Element("HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    source = PurePath(timeline.source)
    ET.SubElement(
        header,
        "MEDIA_DESCRIPTOR",
        MEDIA_URL=_url(source),
        MIME_TYPE=_MEDIA_TYPES.get(source.suffix.lower(), "unknown"),
        RELATIVE_MEDIA_URL="./" + quote(source.name, errors="replace"),
    )
    ET.SubElement(header, "PROPERTY", NAME="model").text = one_line(timeline.model)
    return header


def _url(source: PurePath) -> str:
    path = quote(source.as_posix(), errors="replace")
    return f"file://{path}" if source.is_absolute() else path


def _tiers(timeline: Timeline) -> Iterator[tuple[str, list[Mark]]]:
    """Tiers by name. Emotion and presence join what says the same; numbers stay a cell each."""
    segments = timeline.segments
    cut = cells(segments)
    answers = [(cell, cell.prediction) for cell in cut]
    tracks = [_at(cell, one_line(cell.track)) for cell in cut if cell.track is not None]
    yield "emotion", [_at(s, prediction_words(s.prediction, s.presence)) for s in spans(segments)]
    yield "presence", [_at(s, str(s.presence)) for s in presence_spans(segments)]
    yield "valence", [_at(c, f"{a.valence:.3f}") for c, a in answers if a.valence is not None]
    yield "arousal", [_at(c, f"{a.arousal:.3f}") for c, a in answers if a.arousal is not None]
    if tracks:
        yield "track", tracks


def _at(segment: Segment, text: str) -> Mark:
    return (segment.start_s, segment.end_s, text)


def _tier(
    tier_id: str, marks: Iterable[Mark], order: ET.Element, numbers: Iterator[int]
) -> ET.Element:
    tier = ET.Element("TIER", LINGUISTIC_TYPE_REF=_LINGUISTIC_TYPE, TIER_ID=tier_id)
    for start_s, end_s, text in marks:
        start_ms, end_ms = round(start_s * 1000), round(end_s * 1000)
        if end_ms <= start_ms:
            continue
        number = next(numbers)
        slots = (f"ts{2 * number - 1}", f"ts{2 * number}")
        for slot, time_ms in zip(slots, (start_ms, end_ms), strict=True):
            ET.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(time_ms))
        aligned = ET.SubElement(
            ET.SubElement(tier, "ANNOTATION"),
            "ALIGNABLE_ANNOTATION",
            ANNOTATION_ID=f"a{number}",
            TIME_SLOT_REF1=slots[0],
            TIME_SLOT_REF2=slots[1],
        )
        ET.SubElement(aligned, "ANNOTATION_VALUE").text = text
    return tier


ELAN = FileFormat("elan", ".eaf", "application/xml", render)
