"""What goes over HTTP as JSON, in and out; the names are those of ``moodprint.prediction``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from moodprint.emotion import Emotion
from moodprint.prediction import Timeline
from moodprint.service.store.tables import (
    Analysis,
    Collection,
    Correction,
    State,
)


class NamedFile(BaseModel):
    """A file on the service's machine."""

    path: Annotated[str, Field(max_length=4096, description="Under one of the served folders.")]


class Classification(BaseModel):
    """The emotion of the music of a whole file: the fields of ``moodprint.prediction.Prediction``
    and of ``Timeline``, without the segments."""

    emotion: Annotated[str | None, Field(description="angry, calm, fear, happy or sad; or null.")]
    probabilities: Annotated[dict[str, float], Field(description="Calibrated; they sum to 1.")]
    valence: float | None
    arousal: float | None
    confidence: Annotated[float, Field(description="The probability that the emotion is right.")]
    abstained: Annotated[bool, Field(description="Whether that is too little to act on.")]
    reliability: float | None
    shares: Annotated[dict[str, float], Field(description="Of the music's time, by emotion.")]
    duration_s: float
    reason: Annotated[str | None, Field(description="Why there is no emotion, or it abstained.")]
    model: str
    warnings: list[str]

    @classmethod
    def of(cls, timeline: Timeline) -> Classification:
        """Without the segments and the name of the file."""
        return cls(**{key: timeline.to_dict()[key] for key in cls.model_fields})


class NewCollection(BaseModel):
    """A collection to make, or its new name."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


class CollectionFields(BaseModel):
    """A collection: files that belong together."""

    id: str
    name: str
    created_at: datetime
    counts: Annotated[dict[str, int], Field(description="Analyses by state.")]
    sharing_state: Annotated[
        State | None, Field(description="Of the search for music that its files share.")
    ]

    @classmethod
    def of(cls, row: Collection, counts: dict[str, int]) -> CollectionFields:
        """A row of the database as it is sent."""
        return cls(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            counts=counts,
            sharing_state=None if row.sharing_state is None else State(row.sharing_state),
        )


class AnalysisFields(BaseModel):
    """A file of a collection, where its analysis stands, and its answer in short."""

    id: str
    collection_id: str
    name: Annotated[str, Field(description="Of the file, as it was uploaded.")]
    size_bytes: int
    state: State
    progress: Annotated[float, Field(description="Of a running analysis, in [0, 1].")]
    created_at: datetime
    changed_at: datetime
    finished_at: datetime | None
    error_code: Annotated[str | None, Field(description="Why it failed, for programs.")]
    error: Annotated[str | None, Field(description="Why it failed, in words.")]
    media_type: str | None
    duration_s: float | None
    emotion: Annotated[str | None, Field(description="angry, calm, fear, happy or sad; or null.")]
    confidence: Annotated[float | None, Field(description="That the emotion is right.")]
    abstained: Annotated[bool | None, Field(description="Whether that is too little to act on.")]
    shares: Annotated[
        dict[str, float] | None, Field(description="Of the music's time, by emotion, and unsure.")
    ]
    presence: Annotated[
        dict[str, float] | None,
        Field(description="Of the file's time: music, speech, silence, other."),
    ]

    @classmethod
    def of(cls, row: Analysis) -> AnalysisFields:
        """A row of the database as it is sent."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AnalysisPage(BaseModel):
    """Some of the analyses that fit, and how many fit in all."""

    total: int
    items: list[AnalysisFields]


class Label(StrEnum):
    """What a person can say of a stretch."""

    ANGRY = Emotion.ANGRY.value
    CALM = Emotion.CALM.value
    FEAR = Emotion.FEAR.value
    HAPPY = Emotion.HAPPY.value
    SAD = Emotion.SAD.value
    NO_MUSIC = "no-music"


class NewCorrection(BaseModel):
    """What a person says of a stretch of a file, in seconds from its start."""

    start_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    end_s: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    label: Label
    note: Annotated[str, Field(max_length=2000)] = ""
    author: Annotated[str, Field(max_length=100)] = ""

    @model_validator(mode="after")
    def _is_a_stretch(self) -> NewCorrection:
        if self.end_s <= self.start_s:
            raise ValueError("a stretch ends after it starts")
        return self


class CorrectionFields(NewCorrection):
    """A correction that is kept."""

    id: str
    analysis_id: str
    created_at: datetime
    answered: Annotated[
        str | None, Field(description="What was answered for most of the stretch.")
    ] = None
    agrees: Annotated[bool, Field(description="Whether that is what the person says.")] = False

    @classmethod
    def of(cls, row: Correction, answered: str | None) -> CorrectionFields:
        """A row of the database beside the answer for its stretch."""
        return cls(
            **{
                name: getattr(row, name)
                for name in cls.model_fields
                if name not in ("answered", "agrees")
            },
            answered=answered,
            agrees=answered == row.label,
        )


class TrackUse(BaseModel):
    """Where a file holds a track, in seconds."""

    analysis: str
    start_s: float
    end_s: float


class SharedTrack(BaseModel):
    """Music that two files or more hold."""

    name: str
    known: Annotated[bool, Field(description="Whether the name is that of a track in an index.")]
    presence: str
    duration_s: float
    uses: list[TrackUse]


class SharedMusic(BaseModel):
    """Which files of a collection share music; null where it was not looked for yet."""

    state: State | None
    tracks: list[SharedTrack]


class Moment(BaseModel):
    """A passage worth hearing: where it is, and how probable its emotion."""

    analysis: str
    name: str
    start_s: float
    end_s: float
    probability: float


class Overview(BaseModel):
    """A collection at a glance, over all files that were analysed."""

    files: int
    duration_s: float
    music_s: float
    shares: Annotated[
        dict[str, float], Field(description="Of the music's time in all files, and unsure.")
    ]
    counts: Annotated[dict[str, int], Field(description="Analyses by state.")]
    moments: Annotated[
        dict[str, list[Moment]], Field(description="By emotion, the most probable passages.")
    ]
    failed: list[AnalysisFields]
    unsure: list[AnalysisFields]
    corrections: int
    agreed: Annotated[int, Field(description="Corrections that say what was answered.")]


class Health(BaseModel):
    """Whether the service lives, and its version."""

    status: str
    version: str
    details: dict[str, Any] = {}
