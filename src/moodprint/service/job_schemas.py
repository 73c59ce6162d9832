"""What goes over HTTP of files that the service brings in or makes by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.generation.prompts.understanding import checked_prompt
from moodprint.service.store.tables import Fetch, MadePiece, State
from moodprint.synthetic.pieces import (
    DrawingWishes,
    MusicEngine,
    PieceRequest,
    available_engines,
)


class NewPiece(BaseModel):
    """Music to be made, from a prompt, a mood, or both."""

    prompt: Annotated[
        str | None, Field(max_length=1000, description='What it is like: "slow sad piano".')
    ] = None
    emotion: Annotated[Emotion | None, Field(description="By default what the prompt says.")] = None
    engine: Annotated[
        MusicEngine, Field(description="Composed by rules and played, or drawn by a model.")
    ] = MusicEngine.COMPOSER
    seconds: Annotated[float, Field(ge=1, le=600, allow_inf_nan=False)] = 30.0
    seed: Annotated[int, Field(ge=0, le=2**31, description="Another seed, other music.")] = 1
    tries: Annotated[
        int | None, Field(ge=1, le=16, description="Pieces of which the best by mood is kept.")
    ] = None
    negative: Annotated[
        str | None, Field(max_length=1000, description="Drawn: what it must not be like.")
    ] = None
    until: Annotated[
        str | None, Field(max_length=1000, description="Drawn: a prompt that it leads to.")
    ] = None

    def request(self) -> PieceRequest:
        """As the library takes it; raises OptionError where it is no wish that can be met."""
        if self.prompt is None and self.emotion is None:
            raise OptionError("give a prompt or a mood")
        if self.engine not in available_engines():
            raise OptionError(f"no music is made by the engine {self.engine} here")
        if self.prompt is not None:
            checked_prompt(self.prompt)
        drawing = DrawingWishes(self.negative or "", self.until or None)
        return PieceRequest(
            *(self.prompt, self.emotion, self.seconds, self.seed, self.engine, self.tries),
            drawing=drawing,
        )


class PieceFields(BaseModel):
    """Music that was asked for: where it stands, and what was made."""

    id: str
    wish: NewPiece
    state: State
    progress: Annotated[float, Field(description="Of a piece that is being made, in [0, 1].")]
    created_at: datetime
    changed_at: datetime
    size_bytes: int | None
    description: Annotated[dict[str, Any] | None, Field(description="What was made.")]
    understood: Annotated[list[str] | None, Field(description="Of the prompt, in words.")]
    error_code: str | None
    error: str | None

    @classmethod
    def of(cls, row: MadePiece) -> PieceFields:
        """A row of the database as it is sent."""
        fields = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**{**fields, "wish": NewPiece.model_validate(row.wish)})


class KeptPiece(BaseModel):
    """Where a piece is kept."""

    collection: Annotated[str, Field(description="The id of the collection.")]


class NewFetch(BaseModel):
    """Files that the service is to bring in by itself: give either a path or an address."""

    collection: Annotated[str, Field(description="The id of the collection for them.")]
    path: Annotated[
        str | None,
        Field(max_length=4096, description="A folder or file under the served folders."),
    ] = None
    address: Annotated[
        str | None,
        Field(max_length=2048, description="Of a page or file on the public web; may be a list."),
    ] = None

    @model_validator(mode="after")
    def _is_one_place(self) -> NewFetch:
        if (self.path is None) == (self.address is None):
            raise ValueError("give either a path or an address")
        return self


class FetchFields(BaseModel):
    """Files that the service brings in by itself, and how far it is."""

    id: str
    collection_id: str
    kind: Annotated[str, Field(description="folder or web.")]
    source: Annotated[str, Field(description="The path or address, as it was given.")]
    state: State
    created_at: datetime
    changed_at: datetime
    found: Annotated[int | None, Field(description="How many files there are, once known.")]
    taken: Annotated[int, Field(description="How many of them have become analyses.")]
    refused: Annotated[
        list[str] | None, Field(description="Files that were passed over, each with why.")
    ]
    error_code: str | None
    error: str | None

    @classmethod
    def of(cls, row: Fetch) -> FetchFields:
        """A row of the database as it is sent."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
