"""Errors as callers get them: problem details (RFC 9457) with a code, without paths."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from moodprint.errors import (
    EmptyFileError,
    InputError,
    MemoryLimitError,
    MoodprintError,
    NoAudioError,
    NotMediaError,
    TimeLimitError,
    WorkerCrashedError,
)

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818  it is what RFC 9457 calls it
    """An answer that says why there is none: a status, a ``code`` for programs, a ``detail``."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail

    def response(self) -> JSONResponse:
        """As it is sent."""
        fields = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        return JSONResponse(fields, self.status, media_type=MEDIA_TYPE)


_UNREADABLE: tuple[tuple[type[MoodprintError], str, str], ...] = (
    (EmptyFileError, "empty-file", "The file has no bytes, or no sound."),
    (NotMediaError, "not-media", "The file is no audio or video that can be decoded."),
    (NoAudioError, "no-audio", "The file has no audio track."),
    (TimeLimitError, "time-limit", "The file took longer than a file of its size may."),
    (MemoryLimitError, "memory-limit", "The file needs more memory than a file may take."),
    (WorkerCrashedError, "decoder-crashed", "The file made its decoder crash."),
    (InputError, "unreadable", "The file cannot be read."),
)
"""By class, the first that fits: the code and what is said. Messages of errors hold paths."""

FILE_ERRORS = tuple(kind for kind, _, _ in _UNREADABLE)
"""What is the fault of a file."""


def problem_of(error: MoodprintError) -> Problem:
    """The answer for a file that could not be analysed: for one of ``FILE_ERRORS``."""
    code, detail = next(
        (code, detail) for kind, code, detail in _UNREADABLE if isinstance(error, kind)
    )
    return Problem(422, code, detail)


async def answer_http_error(_: Request, error: Exception) -> JSONResponse:
    """For FastAPI: no such address, or no such method."""
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    response = Problem(error.status_code, code, str(error.detail)).response()
    response.headers.update(error.headers or {})
    return response


async def answer_bad_request(_: Request, error: Exception) -> JSONResponse:
    """For FastAPI: a body that is not what the call takes; says where, repeats nothing of it."""
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return Problem(422, "bad-request", "; ".join(faults)).response()


async def answer_failure(_: Request, __: Exception) -> JSONResponse:
    """For FastAPI: our own fault; the server's log gets the traceback, the caller none of it."""
    return Problem(500, "internal", "The service failed; its log says why.").response()


_WORDS = {
    400: "a form that is broken",
    401: "no key, or one that is not known",
    403: "a page of another site, or a key that may only read",
    404: "there is no such thing",
    409: "there is no answer (yet)",
    413: "the file is larger than allowed",
    415: "a body of another type",
    416: "no such part of the file",
    422: "what was sent is not what the call takes, or a file without sound",
    421: "a Host that is not the service's",
    429: "too many calls in a minute",
    503: "too many calls wait already",
    507: "the store of media is full",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a call may end in, for the OpenAPI description."""
    return {
        status: {"description": _WORDS[status], "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
        for status in statuses
    }


SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "for programs"},
        "detail": {"type": "string", "description": "for people"},
    },
}
"""Problem details (RFC 9457) with a code."""
