"""JAMS: annotations as music-information research exchanges them (Humphrey et al., ISMIR 2014).

Three annotations, one observation a segment: the emotion as ``tag_open``, valence and arousal as
``mood_thayer`` (only where music was heard), the presence as ``segment_open``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from moodprint.prediction import Timeline
from moodprint.reports.exports.formats import FileFormat

_JAMS_VERSION = "0.3.5"

Fields = dict[str, Any]


def render(timeline: Timeline) -> bytes:
    """The three annotations of a file, in UTF-8."""
    fields = timeline.to_dict()
    segments: list[Fields] = fields["segments"]
    music = [segment for segment in segments if segment["valence"] is not None]
    document = {
        "annotations": [
            _annotation(timeline, "tag_open", [_seen(s, _tag(s)) for s in segments])
            | {"sandbox": {"abstained": [segment["abstained"] for segment in segments]}},
            _annotation(
                timeline, "mood_thayer", [_seen(s, [s["valence"], s["arousal"]]) for s in music]
            ),
            _annotation(timeline, "segment_open", [_seen(s, s["presence"]) for s in segments]),
        ],
        "file_metadata": {
            "title": PurePath(timeline.source).name,
            "artist": "",
            "release": "",
            "duration": fields["duration_s"],
            "identifiers": {"source": timeline.source},
            "jams_version": _JAMS_VERSION,
        },
        "sandbox": {"overall": {k: v for k, v in fields.items() if k != "segments"}},
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _tag(segment: Fields) -> str:
    return segment["emotion"] or f"no music ({segment['presence']})"


def _seen(segment: Fields, value: Any) -> Fields:
    return {
        "time": segment["start_s"],
        "duration": round(segment["end_s"] - segment["start_s"], 6),
        "value": value,
        "confidence": segment["confidence"],
    }


def _annotation(timeline: Timeline, namespace: str, data: Iterable[Fields]) -> Fields:
    return {
        "namespace": namespace,
        "data": list(data),
        "time": 0.0,
        "duration": round(timeline.duration_s, 6),
        "annotation_metadata": {
            "curator": {"name": "", "email": ""},
            "annotator": {"model": timeline.model},
            "annotation_tools": "moodprint",
            "annotation_rules": "",
            "corpus": "",
            "data_source": "program",
            "validation": "",
            "version": timeline.model,
        },
        "sandbox": {},
    }


JAMS = FileFormat("jams", ".jams", "application/json", render)
