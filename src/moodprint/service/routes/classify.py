"""`POST /classify`: the emotion of a file at once, while the call waits."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from moodprint.files import temporary_folder
from moodprint.service.context import Context
from moodprint.service.problems import Problem, problems
from moodprint.service.roots import file_under
from moodprint.service.schemas import Classification, NamedFile

router = APIRouter(tags=["classify"])

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


@router.post(
    "/classify",
    responses=problems(400, 404, 413, 415, 422, 503),
    openapi_extra={"requestBody": BODIES},
    summary="The emotion of a file, named by its path or uploaded",
)
def classify(
    file: Annotated[NamedFile | UploadFile, Depends(requested_file)], context: Context
) -> Classification:
    """Answered while the call waits; nothing is kept."""
    if isinstance(file, NamedFile):
        settings = context.settings
        path = file_under(settings.root, file.path, settings.most_bytes)
        return Classification.of(context.workers(path))
    with file.file, temporary_folder() as folder:
        return Classification.of(context.workers(_saved(file, folder)))


def _saved(upload: UploadFile, folder: Path) -> Path:
    """On disk under a name of ours: what a stranger calls a file names nothing here."""
    path = folder / "upload"
    with path.open("xb") as file:
        shutil.copyfileobj(upload.file, file)
    return path
