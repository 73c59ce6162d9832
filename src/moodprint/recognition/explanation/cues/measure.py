"""All cues of a stretch of music."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moodprint.recognition.explanation.cues.key import key_of
from moodprint.recognition.explanation.cues.recording import Stretch
from moodprint.recognition.explanation.cues.table import CUES


@dataclass(frozen=True)
class Cues:
    """``values`` by the names in CUES, in their units; None where a cue cannot be told: a tempo
    where no pulse is clear, brightness in silence, a register without pitch. ``key`` is the name
    of the key, None without pitch."""

    key: str | None
    values: Mapping[str, float | None]


def measured(stretch: Stretch) -> Cues:
    """The cues of a stretch: of the union of its parts, but tempo and loudness change are means
    over them."""
    key = key_of(stretch).key
    values = {name: cue.measure(stretch) for name, cue in CUES.items()}
    return Cues(None if key is None else str(key), values)
