"""What moodprint answers: a Prediction for a stretch, a Segment in time, a Timeline of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from moodprint.answer_origin import AnswerOrigin
from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.explanation import Explanation
from moodprint.json_fields import Fields
from moodprint.tags import Tags

FLAT_PROBABILITIES: Mapping[Emotion, float] = MappingProxyType(
    {emotion: 1 / len(EMOTIONS) for emotion in EMOTIONS}
)
"""What is known of the emotion where no music was heard: nothing, so all are equally likely."""

UNSURE = "unsure"
"""The share of the music's time in which no emotion is credible: see ``Timeline.shares``."""

_DECIMALS = 6


class Presence(StrEnum):
    """What a stretch of sound mainly is."""

    MUSIC = "music"
    SPEECH = "speech"
    SILENCE = "silence"
    OTHER = "other"


@dataclass(frozen=True)
class Prediction:
    """The emotion of a stretch of sound, and how sure that is.

    ``emotion`` is the most probable one, or None where no music was heard. ``probabilities``
    are calibrated and sum to 1; without music they are flat, and ``valence`` and ``arousal``
    (both in [-1, 1]) are None. ``confidence`` in [0, 1] is the probability that the answer is
    right: the calibrated probability of ``emotion`` times the probability that there is music.
    ``abstained`` is True where the confidence is too low to act on; without music it always is.
    ``reliability`` in [0, 1] is the share of answers as sure as this one that were right on music
    held out, as the model's card has it; None without music, and where the card has no such table.
    """

    emotion: Emotion | None
    probabilities: Mapping[Emotion, float]
    valence: float | None
    arousal: float | None
    confidence: float
    abstained: bool
    reliability: float | None = None

    def __post_init__(self) -> None:
        if set(self.probabilities) != set(EMOTIONS):
            raise OptionError(f"a prediction takes a probability for each of {list(EMOTIONS)}")
        total = sum(self.probabilities.values())
        if abs(total - 1) > 1e-3:
            raise OptionError(f"the probabilities of a prediction sum to 1, not {total}")
        ordered = {emotion: float(self.probabilities[emotion]) for emotion in EMOTIONS}
        object.__setattr__(self, "probabilities", MappingProxyType(ordered))

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be sent to another process; the plain dict can.
        fields = (self.emotion, dict(self.probabilities), self.valence, self.arousal)
        return (Prediction, (*fields, self.confidence, self.abstained, self.reliability))

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it: numbers to six decimals, probabilities that still sum to 1."""
        return {
            "emotion": self.emotion.value if self.emotion else None,
            "probabilities": _rounded_to_sum_one(self.probabilities),
            "valence": _rounded(self.valence),
            "arousal": _rounded(self.arousal),
            "confidence": _rounded(self.confidence),
            "abstained": self.abstained,
            "reliability": _rounded(self.reliability),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Prediction:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        fields = Fields(fields)
        emotion, probabilities = fields.text_or_null("emotion"), fields.part("probabilities")
        return cls(
            emotion=None if emotion is None else Emotion(emotion),
            probabilities={Emotion(name): probabilities.number(name) for name in probabilities},
            valence=fields.number_or_null("valence"),
            arousal=fields.number_or_null("arousal"),
            confidence=fields.number("confidence"),
            abstained=fields.flag("abstained"),
            reliability=_number_if_there(fields, "reliability"),
        )


NO_MUSIC = Prediction(None, FLAT_PROBABILITIES, None, None, confidence=0.0, abstained=True)


@dataclass(frozen=True)
class Segment:
    """A prediction with its place in time, in seconds from the start of the file."""

    start_s: float
    end_s: float
    presence: Presence
    prediction: Prediction
    track: str | None = None
    """The known track heard here, where an index was asked; None where none was found."""
    explanation: Explanation | None = None
    """Why, where that was asked and there is music."""
    presence_confidence: float | None = None
    """The probability that ``presence`` is right; None where that is not known."""
    music_below_voice_db: float | None = None
    """How far the music lies under a voice, as heard in the gaps of the speech; None without a
    voice or music."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; a track, an explanation and a voice are left out where none is."""
        fields: dict[str, Any] = {
            "start_s": _rounded(self.start_s),
            "end_s": _rounded(self.end_s),
            "presence": self.presence.value,
            "presence_confidence": _rounded(self.presence_confidence),
            **self.prediction.to_dict(),
        }
        if self.music_below_voice_db is not None:
            fields["music_below_voice_db"] = round(self.music_below_voice_db, 1)
        if self.track is not None:
            fields["track"] = self.track
        if self.explanation is not None:
            fields["explanation"] = self.explanation.to_dict()
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Segment:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        fields = Fields(fields)
        return cls(
            start_s=fields.number("start_s"),
            end_s=fields.number("end_s"),
            presence=Presence(fields.text("presence")),
            prediction=Prediction.from_dict(fields),
            track=fields.text_or_null("track") if "track" in fields else None,
            explanation=_explanation(fields),
            presence_confidence=_number_if_there(fields, "presence_confidence"),
            music_below_voice_db=_number_if_there(fields, "music_below_voice_db"),
        )


def mood_seconds(segments: Sequence[Segment]) -> dict[str, float]:
    """The seconds of music by emotion, and ``unsure``; each moment counts once, for the segment
    nearest to it. Segments come in order of time."""
    held_s = dict.fromkeys([*map(str, EMOTIONS), UNSURE], 0.0)
    for cell in cells(segments):
        emotion = cell.prediction.emotion
        if emotion is not None:
            name = UNSURE if cell.prediction.abstained else str(emotion)
            held_s[name] += cell.end_s - cell.start_s
    return held_s


def mood_shares(segments: Sequence[Segment]) -> dict[str, float]:
    """Of the segments of a file in order of time: see ``Timeline.shares``."""
    held_s = mood_seconds(segments)
    total_s = sum(held_s.values())
    return {name: seconds / total_s if total_s else 0.0 for name, seconds in held_s.items()}


@dataclass(frozen=True)
class Timeline:
    """The answer for one file: the whole, and its segments in order of time.

    ``reason`` says why ``overall`` has no emotion, or why it abstained; None where it answers.
    ``warnings`` names what went wrong without ending the analysis, such as a truncated file.
    """

    source: str
    duration_s: float
    overall: Prediction
    segments: tuple[Segment, ...]
    model: str
    reason: str | None = None
    warnings: tuple[str, ...] = field(default=())
    explanation: Explanation | None = None
    """Why the whole was answered so, where that was asked and there is music."""
    origin: AnswerOrigin | None = None
    """What it was made from, and how, where a run of many files keeps that."""
    tags: Tags | None = None
    """Tempo, key and loudness of the whole file, music or not, where it was asked why."""

    @property
    def shares(self) -> dict[str, float]:
        """The share of the music's time that each emotion holds, and the share that is ``unsure``.

        Each moment counts once, for the segment nearest to it. They sum to 1; without music all
        are 0.
        """
        return mood_shares(self.segments)

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; README names the fields, which are never renamed."""
        return {
            "source": self.source,
            "duration_s": _rounded(self.duration_s),
            **self.overall.to_dict(),
            "shares": _rounded_to_sum_one(self.shares),
            "reason": self.reason,
            "model": self.model,
            "warnings": list(self.warnings),
            **_origin_field(self.origin),
            **({"tags": self.tags.to_dict()} if self.tags else {}),
            **({"explanation": self.explanation.to_dict()} if self.explanation else {}),
            "segments": [segment.to_dict() for segment in self.segments],
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Timeline:
        """The inverse of ``to_dict``, whose shares are derived. Raises ValueError otherwise."""
        fields = Fields(fields)
        return cls(
            source=fields.text("source"),
            duration_s=fields.number("duration_s"),
            overall=Prediction.from_dict(fields),
            segments=tuple(Segment.from_dict(each) for each in fields.parts("segments")),
            model=fields.text("model"),
            reason=fields.text_or_null("reason"),
            warnings=fields.texts("warnings"),
            explanation=_explanation(fields),
            origin=_origin(fields),
            tags=Tags.from_dict(fields.part("tags")) if "tags" in fields else None,
        )


@dataclass(frozen=True)
class Failure:
    """The answer for a file that could not be analysed.

    ``process_ends`` counts how often it ended the process that read it: by a crash, or by a limit
    of time or memory.
    """

    source: str
    error: str
    process_ends: int = 0
    origin: AnswerOrigin | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; ``error`` tells it from a Timeline."""
        fields: dict[str, Any] = {"source": self.source, "error": self.error}
        if self.process_ends:
            fields["process_ends"] = self.process_ends
        return {**fields, **_origin_field(self.origin)}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Failure:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        fields = Fields(fields)
        return cls(
            source=fields.text("source"),
            error=fields.text("error"),
            process_ends=fields.whole("process_ends") if "process_ends" in fields else 0,
            origin=_origin(fields),
        )


Answer = Timeline | Failure
"""What comes of analysing a file."""


def answer_from_dict(fields: Mapping[str, Any]) -> Answer:
    """The Timeline or the Failure whose ``to_dict`` this is. Raises ValueError on anything else."""
    kind = Failure if "error" in Fields(fields) else Timeline
    return kind.from_dict(fields)


def _origin_field(origin: AnswerOrigin | None) -> dict[str, Any]:
    return {} if origin is None else {"origin": origin.to_dict()}


def _origin(fields: Fields) -> AnswerOrigin | None:
    return AnswerOrigin.from_dict(fields.part("origin")) if "origin" in fields else None


def _explanation(fields: Fields) -> Explanation | None:
    return Explanation.from_dict(fields.part("explanation")) if "explanation" in fields else None


def _number_if_there(fields: Fields, name: str) -> float | None:
    """Of what answers from before that had the field may lack."""
    return fields.number_or_null(name) if name in fields else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), _DECIMALS)


def _rounded_to_sum_one(parts: Mapping[Any, float]) -> dict[str, float]:
    """Parts of a whole, rounded, that still sum to 1; all 0 where there is no whole."""
    rounded = {str(name): round(part, _DECIMALS) for name, part in parts.items()}
    largest = max(rounded, key=lambda name: rounded[name])
    rest = sum(part for name, part in rounded.items() if name != largest)
    return {**rounded, largest: round(1 - rest, _DECIMALS) if rounded[largest] else 0.0}
