"""Fetches: files of a folder on the service's machine, or of a web address, brought in by a job."""

from __future__ import annotations

from fastapi import APIRouter

from moodprint.errors import FetchError
from moodprint.service.context import Context
from moodprint.service.job_schemas import FetchFields, NewFetch
from moodprint.service.jobs.fetch import FOLDER, WEB
from moodprint.service.jobs.queue import FETCH
from moodprint.service.problems import Problem, problems
from moodprint.service.roots import place_under
from moodprint.service.store.tables import State
from moodprint.service.web import check_address

router = APIRouter(prefix="/api/fetches", tags=["fetches"])


@router.post(
    "",
    status_code=201,
    responses=problems(403, 404, 422),
    summary="Bring in a folder, or what lies at a web address",
)
def add_fetch(new: NewFetch, context: Context) -> FetchFields:
    """A job copies the audio and video files of a folder under the served ones, with those of the
    folders in it, or fetches what lies at an address; each file becomes an analysis of the
    collection. The answer comes at once. Addresses are refused (403) unless the service allows
    them."""
    if new.path is not None:
        place_under(context.settings.root, new.path)
        row = context.fetches.add(new.collection, FOLDER, new.path)
    else:
        assert new.address is not None
        if not context.settings.allow_web:
            raise Problem(403, "no-web", "Web addresses are not fetched here: see --allow-web.")
        try:
            check_address(new.address)
        except FetchError as error:
            raise Problem(422, "bad-address", f"{str(error).capitalize()}.") from error
        row = context.fetches.add(new.collection, WEB, new.address)
    if row.state == State.QUEUED:
        context.queue.ask(FETCH, row.id)
    return FetchFields.of(row)


@router.get("", responses=problems(404, 422), summary="Fetches of a collection")
def list_fetches(collection: str, context: Context) -> list[FetchFields]:
    """The newest first; a hundred at most."""
    context.catalogue.collection(collection)
    return [FetchFields.of(row) for row in context.fetches.of_collection(collection)]


@router.get("/{fetch_id}", responses=problems(404), summary="A fetch")
def get_fetch(fetch_id: str, context: Context) -> FetchFields:
    """How far it is, and what was passed over."""
    return FetchFields.of(context.fetches.get(fetch_id))


@router.post("/{fetch_id}/cancel", responses=problems(404), summary="Cancel a fetch")
def cancel_fetch(fetch_id: str, context: Context) -> FetchFields:
    """What has been taken in stays."""
    row = context.fetches.cancel(fetch_id)
    context.queue.give_up(FETCH, fetch_id)
    return FetchFields.of(row)
