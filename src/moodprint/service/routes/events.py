"""Server-sent events: what changes, as it changes (HTML standard, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from moodprint.service.context import Context
from moodprint.service.problems import problems
from moodprint.service.schemas import AnalysisFields
from moodprint.service.store.tables import now

router = APIRouter(prefix="/api", tags=["events"])

_LOOK_EVERY_S = 0.5
_OVERLAP = timedelta(seconds=2)
"""What is written by another process may become visible a moment after its stamp."""


def _watched(context: Context, collection: str | None = None) -> str | None:
    """The collection asked for: one that there is, before the stream begins."""
    if collection is not None:
        context.catalogue.collection(collection)
    return collection


@router.get(
    "/events",
    responses=problems(404),
    response_class=EventSourceResponse,
    summary="What changes, as it changes",
)
async def events(
    context: Context, collection: Annotated[str | None, Depends(_watched)]
) -> AsyncIterator[ServerSentEvent]:
    """Events ``analysis`` with an analysis in short, when it is queued, runs, and ends; and
    ``sharing`` with the state of the search for shared music. Of one collection, or of all."""
    seen: dict[str, object] = {}
    sharing, since = None, now()
    while True:
        looked = now()
        rows = await run_in_threadpool(
            context.catalogue.changed_since, since - _OVERLAP, collection
        )
        for row in rows:
            if seen.get(row.id) != row.changed_at:
                yield ServerSentEvent(data=AnalysisFields.of(row), event="analysis")
        seen = {row.id: row.changed_at for row in rows}
        if collection is not None:
            found = await run_in_threadpool(context.catalogue.collection, collection)
            if found.sharing_state != sharing:
                yield ServerSentEvent(data=found.sharing_state, event="sharing")
            sharing = found.sharing_state
        since = looked
        await asyncio.sleep(_LOOK_EVERY_S)
