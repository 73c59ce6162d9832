"""Whether the service lives and can work."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter

from moodprint import __version__
from moodprint.service.context import Context
from moodprint.service.problems import Problem, problems
from moodprint.service.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/health", summary="Whether the service lives")
def health() -> Health:
    """It answers; that is all that is said."""
    return Health(status="ok", version=__version__)


@router.get("/ready", responses=problems(503), summary="Whether the service can work")
def ready(context: Context) -> Health:
    """Its database answers."""
    try:
        with context.database.reading() as session:
            session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        raise Problem(503, "no-database", "The database does not answer.") from error
    return Health(status="ok", version=__version__)
