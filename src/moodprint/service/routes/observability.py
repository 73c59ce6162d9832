"""Whether the service lives and can work."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from moodprint import __version__
from moodprint.service.context import Context
from moodprint.service.problems import Problem, problems
from moodprint.service.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/health", summary="Whether the service lives")
def health() -> Health:
    """It answers; that is all that is said."""
    return Health(status="ok", version=__version__)


@router.get("/metrics", response_class=Response, summary="Figures for Prometheus")
def metrics(context: Context) -> Response:
    """Calls by route and status, how long they took, and analyses by state."""
    own = CollectorRegistry()
    analyses = Gauge("moodprint_analyses", "Analyses that are kept.", ("state",), registry=own)
    for state, count in context.catalogue.states().items():
        analyses.labels(state).set(count)
    media = Gauge("moodprint_media_bytes", "Bytes of the media that are kept.", registry=own)
    media.set(context.catalogue.used_bytes())
    text = generate_latest(context.metrics.registry) + generate_latest(own)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


@router.get("/ready", responses=problems(503), summary="Whether the service can work")
def ready(context: Context) -> Health:
    """Its database answers."""
    try:
        with context.database.reading() as session:
            session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        raise Problem(503, "no-database", "The database does not answer.") from error
    return Health(status="ok", version=__version__)
