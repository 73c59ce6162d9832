"""The part of a collection's page by which folders and web addresses are brought in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from moodprint.service.context import Context, ServiceContext
from moodprint.service.job_schemas import NewFetch
from moodprint.service.page.render import page
from moodprint.service.problems import Problem
from moodprint.service.routes import fetches
from moodprint.service.store.tables import ACTIVE

router = APIRouter(include_in_schema=False)


@router.get("/collections/{collection_id}/parts/fetches")
def show_fetches(collection_id: str, context: Context) -> HTMLResponse:
    """What is brought in, and how far that is."""
    return _fetches(collection_id, context)


@router.post("/collections/{collection_id}/fetches")
def add_fetch(
    collection_id: str, source: Annotated[str, Form(max_length=4096)], context: Context
) -> HTMLResponse:
    """Bring in a folder, a file or what lies at an address; what is wrong stands in the part."""
    kind = "address" if source.strip().lower().startswith(("http://", "https://")) else "path"
    try:
        new = NewFetch.model_validate({"collection": collection_id, kind: source.strip()})
        fetches.add_fetch(new, context)
    except ValidationError:
        return _fetches(collection_id, context, "That is too long for an address.")
    except Problem as problem:
        return _fetches(collection_id, context, problem.detail)
    return _fetches(collection_id, context)


@router.post("/collections/{collection_id}/fetches/{fetch_id}/cancel")
def cancel_fetch(collection_id: str, fetch_id: str, context: Context) -> HTMLResponse:
    """What has been taken in stays."""
    fetches.cancel_fetch(fetch_id, context)
    return _fetches(collection_id, context)


def _fetches(collection_id: str, context: ServiceContext, problem: str = "") -> HTMLResponse:
    rows = context.fetches.of_collection(collection_id)
    return page(
        "fetches.html.jinja",
        collection_id=collection_id,
        fetches=rows,
        active=any(row.state in ACTIVE for row in rows),
        problem=problem,
    )
