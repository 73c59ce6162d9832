"""The service as an ASGI application: `POST /classify`, and whether it lives."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from moodprint import __version__
from moodprint.files import temporary_folder
from moodprint.prediction import Timeline
from moodprint.service.guards import Guards
from moodprint.service.problems import (
    RESPONSES,
    Problem,
    answer_bad_request,
    answer_failure,
    answer_http_error,
    answer_problem,
)
from moodprint.service.roots import file_under
from moodprint.service.settings import ServiceSettings
from moodprint.service.workers import Workers


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


_JSON_BYTES = 64_000
"""Ten times the longest path with every character escaped."""

_Requested = NamedFile | UploadFile

BODIES = {
    "required": True,
    "content": {
        "application/json": {
            "schema": NamedFile.model_json_schema(),
            "example": {"path": "songs/a.mp3"},
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}
"""What `POST /classify` takes, for the OpenAPI description."""


async def requested_file(request: Request) -> _Requested:
    """What a call names or brings.

    Raises:
        RequestValidationError: neither. Problem: 415, a body of another type.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            return NamedFile.model_validate_json(await _short_body(request))
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from error
    if kind == "multipart/form-data":
        form = await request.form(max_files=1, max_fields=0)
        file = form.get("file")
        if isinstance(file, UploadFile):
            return file
        raise Problem(422, "bad-request", "The form has no file in its field 'file'.")
    raise Problem(415, "wrong-type", "The body is application/json or multipart/form-data.")


async def _short_body(request: Request) -> bytes:
    """A body that is kept in memory. Raises Problem (413) where it is no short one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _JSON_BYTES:
            raise Problem(413, "too-large", f"A body of JSON has at most {_JSON_BYTES} bytes.")
    return body


def make_app(settings: ServiceSettings) -> FastAPI:
    """The application; its processes start with the first file and end with it."""
    workers = Workers(settings.model, settings.workers, settings.waiting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            workers.close()

    app = FastAPI(
        title="moodprint",
        version=__version__,
        summary="Hears the emotion of the music in songs and videos.",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_exception_handler(Problem, answer_problem)
    app.add_exception_handler(Exception, answer_failure)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_bad_request)
    app.add_middleware(Guards, most_bytes=settings.most_bytes)
    _add_calls(app, settings, workers)
    return app


def _add_calls(app: FastAPI, settings: ServiceSettings, workers: Workers) -> None:

    @app.post(
        "/classify",
        responses=RESPONSES,
        openapi_extra={"requestBody": BODIES},
        summary="The emotion of a file, named by its path or uploaded",
    )
    def classify(
        file: Annotated[NamedFile | UploadFile, Depends(requested_file)],
    ) -> Classification:
        if isinstance(file, NamedFile):
            path = file_under(settings.root, file.path, settings.most_bytes)
            return Classification.of(workers.analyze(path))
        with file.file, temporary_folder() as folder:
            return Classification.of(workers.analyze(_saved(file, folder)))

    @app.get("/health", summary="Whether the service lives")
    def health() -> dict[str, Any]:
        return {"status": "ok", "version": __version__}


def _saved(upload: UploadFile, folder: Path) -> Path:
    """On disk under a name of ours: what a stranger calls a file names nothing here."""
    path = folder / "upload"
    with path.open("xb") as file:
        shutil.copyfileobj(upload.file, file)
    return path
