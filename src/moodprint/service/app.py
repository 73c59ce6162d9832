"""The service as an ASGI application: its calls behind its guards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from moodprint import __version__
from moodprint.service.context import ServiceContext
from moodprint.service.guards import Guards
from moodprint.service.page.views import add_page, error_page
from moodprint.service.problems import (
    Problem,
    answer_bad_request,
    answer_failure,
    answer_http_error,
)
from moodprint.service.routes import (
    analyses,
    classify,
    collections,
    corrections,
    events,
    observability,
)
from moodprint.service.settings import ServiceSettings


def make_app(settings: ServiceSettings) -> FastAPI:
    """The application. Files are read by processes that start with the first and end with it; jobs
    are queued for workers: see ``jobs.worker``.

    Raises:
        What ``ServiceContext`` raises.
    """
    context = ServiceContext(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            context.close()

    app = FastAPI(
        title="moodprint",
        version=__version__,
        summary="Hears the emotion of the music in songs and videos.",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.context = context
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(Exception, answer_failure)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_bad_request)
    app.add_middleware(Guards, most_bytes=settings.most_bytes)
    for room in (classify, collections, analyses, corrections, events, observability):
        app.include_router(room.router)
    add_page(app)
    return app


async def _answer_problem(request: Request, problem: Exception) -> Response:
    """As a page for a person, else as a problem of RFC 9457."""
    assert isinstance(problem, Problem)
    return error_page(request, problem) or problem.response()
