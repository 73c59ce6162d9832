"""JSON: a list, one object a file, one segment a line; written and read back without loss."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from moodprint.audio.media import readable_file
from moodprint.emotion import Emotion
from moodprint.errors import InputError
from moodprint.explanation import Explanation
from moodprint.prediction import Failure, Prediction, Presence, Segment, Timeline
from moodprint.reports.exports.formats import ListFormat, Result


def render(results: Sequence[Result]) -> bytes:
    objects = ",\n".join(_object(result.to_dict()) for result in results)
    text = f"[\n{objects}\n]\n" if results else "[]\n"
    # What UTF-8 cannot hold are lone surrogates, the bytes of file names in other encodings:
    # a backslash escape is just what JSON takes for them.
    return text.encode("utf-8", "backslashreplace")


def read_json(path: str | Path) -> list[Result]:
    """The results that a JSON file of ours holds, as they were before they were written.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError: nothing to read there.
        InputError: the file is no list of results, or was cut off while being written.
    """
    path = readable_file(path)
    try:
        objects = json.loads(path.read_bytes())
        if not isinstance(objects, list):
            raise TypeError(f"a list was expected, not {type(objects).__name__}")
        return [result_from_dict(fields) for fields in objects]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        why = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{path}: is no list of moodprint's results ({why})") from error


def result_from_dict(fields: Mapping[str, Any]) -> Result:
    """The inverse of ``to_dict``. Raises KeyError, TypeError or ValueError on anything else."""
    if "error" in fields:
        return Failure(source=fields["source"], error=fields["error"])
    return Timeline(
        source=fields["source"],
        duration_s=float(fields["duration_s"]),
        overall=_prediction(fields),
        segments=tuple(_segment(segment) for segment in fields["segments"]),
        model=fields["model"],
        reason=fields["reason"],
        warnings=tuple(fields["warnings"]),
        explanation=_explanation(fields),
    )


def _object(fields: dict[str, Any]) -> str:
    """One object, a line for the whole and one for each segment: short, and good to diff."""
    segments = fields.pop("segments", None)
    whole = _dumps(fields)
    if segments is None:
        return whole
    lines = ",\n  ".join(_dumps(segment) for segment in segments)
    return f'{whole[:-1]}, "segments": [' + (f"\n  {lines}\n]}}" if segments else "]}")


def _dumps(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)


def _segment(fields: Mapping[str, Any]) -> Segment:
    return Segment(
        start_s=float(fields["start_s"]),
        end_s=float(fields["end_s"]),
        presence=Presence(fields["presence"]),
        prediction=_prediction(fields),
        track=fields.get("track"),
        explanation=_explanation(fields),
    )


def _explanation(fields: Mapping[str, Any]) -> Explanation | None:
    return Explanation.from_dict(fields["explanation"]) if "explanation" in fields else None


def _prediction(fields: Mapping[str, Any]) -> Prediction:
    emotion = fields["emotion"]
    return Prediction(
        emotion=None if emotion is None else Emotion(emotion),
        probabilities={Emotion(name): float(p) for name, p in fields["probabilities"].items()},
        valence=_float(fields["valence"]),
        arousal=_float(fields["arousal"]),
        confidence=float(fields["confidence"]),
        abstained=fields["abstained"],
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


JSON = ListFormat("json", ".json", "application/json", render)
