"""The service as an ASGI application: its calls behind its guards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from moodprint import __version__
from moodprint.errors import OptionError
from moodprint.service.context import ServiceContext
from moodprint.service.guards import Guards, Rules
from moodprint.service.observed import Observed
from moodprint.service.page.views import add_page, error_page
from moodprint.service.problems import (
    Problem,
    answer_bad_request,
    answer_failure,
    answer_http_error,
    problems,
)
from moodprint.service.routes import (
    analyses,
    classify,
    collections,
    corrections,
    events,
    fetches,
    observability,
    pieces,
)
from moodprint.service.settings import ServiceSettings

_ROOMS = (classify, collections, analyses, corrections, fetches, pieces, events, observability)
"""The modules of calls, in the order in which the API is described."""


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
        responses=problems(401, 403, 421, 429),
        lifespan=lifespan,
    )
    app.state.context = context
    _add_guards(app, settings, context)
    for room in (
        classify,
        collections,
        analyses,
        corrections,
        fetches,
        pieces,
        events,
        observability,
    ):
        app.include_router(room.router)
    add_page(app)
    return app


def _add_guards(app: FastAPI, settings: ServiceSettings, context: ServiceContext) -> None:
    """What stands before all calls, and what answers where a call cannot."""
    app.add_middleware(Guards, rules=_rules(settings, context))
    app.add_middleware(Observed, metrics=context.metrics)
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(Exception, answer_failure)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_bad_request)


def _rules(settings: ServiceSettings, context: ServiceContext) -> Rules:
    """Raises OptionError where other machines could call and there is no key."""
    if not settings.is_local and not context.keys.all():
        context.close()
        raise OptionError(
            f"--host: {settings.host} is not this machine's loopback, and there is no key yet for "
            "callers of other machines: moodprint keys add NAME"
        )
    return Rules(
        most_bytes=settings.most_bytes,
        hosts=() if settings.is_local else (settings.host, *settings.allowed_hosts),
        keys=None if settings.is_local else context.keys,
        calls_per_minute=settings.calls_per_minute,
    )


async def _answer_problem(request: Request, problem: Exception) -> Response:
    """As a page for a person, else as a problem of RFC 9457."""
    assert isinstance(problem, Problem)
    return error_page(request, problem) or problem.response()
