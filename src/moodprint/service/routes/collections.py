"""Collections: files that belong together, and what they say as a whole."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from moodprint.service.context import Context
from moodprint.service.jobs.queue import ANALYZE
from moodprint.service.labels import write_labels_archive
from moodprint.service.overview import Glance
from moodprint.service.problems import problems
from moodprint.service.routes.downloads import ExportFormat, attachment, exported
from moodprint.service.schemas import (
    AnalysisFields,
    CollectionFields,
    NewCollection,
    Overview,
    SharedMusic,
)
from moodprint.service.store.outlines import outlines_of
from moodprint.service.store.search import Search, find_analyses
from moodprint.service.store.tables import State

router = APIRouter(prefix="/api/collections", tags=["collections"])

_LISTED = 200
"""Files that failed or are unsure, in an overview; all are found by `GET /api/analyses`."""


@router.get("", summary="All collections, newest first")
def list_collections(context: Context) -> list[CollectionFields]:
    """With the counts of their analyses by state."""
    return [CollectionFields.of(row, counts) for row, counts in context.catalogue.collections()]


@router.post("", status_code=201, responses=problems(422), summary="Make a collection")
def add_collection(new: NewCollection, context: Context) -> CollectionFields:
    """Empty at first: files are put into it as they are uploaded."""
    return CollectionFields.of(context.catalogue.add_collection(new.name), {})


@router.get("/{collection_id}", responses=problems(404), summary="A collection")
def get_collection(collection_id: str, context: Context) -> CollectionFields:
    """With the counts of its analyses by state."""
    row = context.catalogue.collection(collection_id)
    return CollectionFields.of(row, context.catalogue.counts(collection_id))


@router.patch("/{collection_id}", responses=problems(404, 422), summary="Rename a collection")
def rename_collection(collection_id: str, new: NewCollection, context: Context) -> CollectionFields:
    """Its files stay as they are."""
    row = context.catalogue.rename_collection(collection_id, new.name)
    return CollectionFields.of(row, context.catalogue.counts(collection_id))


@router.delete(
    "/{collection_id}",
    status_code=204,
    responses=problems(404),
    summary="Delete a collection with its files",
)
def remove_collection(collection_id: str, context: Context) -> Response:
    """Media that no other collection holds are deleted too."""
    removed = context.catalogue.remove_collection(collection_id)
    for row in removed:
        if row.state == State.QUEUED:
            context.queue.give_up(ANALYZE, row.key)
    context.intake.forget([row.content for row in removed])
    return Response(status_code=204)


@router.get(
    "/{collection_id}/overview", responses=problems(404), summary="A collection at a glance"
)
def overview(collection_id: str, context: Context) -> Overview:
    """Moods by share of time over all files, the most probable passages of each emotion, what
    failed and what is unsure, and how often people agreed with the answers."""
    context.catalogue.collection(collection_id)
    glance = Glance(outlines_of(context.database, collection_id))
    corrections = context.corrections.of_collection(collection_id)
    return Overview(
        files=len(glance.rows),
        duration_s=glance.duration_s,
        music_s=glance.music_s,
        shares=glance.shares,
        counts=context.catalogue.counts(collection_id),
        moments=glance.moments,
        failed=_listed(context, Search(collection_id, state=State.FAILED, limit=_LISTED)),
        unsure=_listed(context, Search(collection_id, abstained=True, limit=_LISTED)),
        corrections=len(corrections),
        agreed=sum(answered == row.label for _, row, answered in corrections),
    )


@router.get("/{collection_id}/sharing", responses=problems(404), summary="Which files share music")
def sharing(collection_id: str, context: Context) -> SharedMusic:
    """Looked for by itself when the files of a collection are analysed."""
    state, tracks = context.sharing.tracks(collection_id)
    return SharedMusic.model_validate({"state": state, "tracks": tracks})


@router.get(
    "/{collection_id}/export/{format_name}",
    responses=problems(404, 422),
    response_class=Response,
    summary="All answers of a collection in a file",
)
def export_collection(collection_id: str, format_name: ExportFormat, context: Context) -> Response:
    """Formats that describe a single file are refused where there are several (422)."""
    row = context.catalogue.collection(collection_id)
    timelines = [timeline for _, timeline in context.catalogue.timelines(collection_id)]
    return exported(timelines, format_name, row.name)


@router.get(
    "/{collection_id}/labels.zip",
    responses=problems(404),
    response_class=Response,
    summary="The corrections of a collection as a labelled corpus",
)
def labels(collection_id: str, context: Context) -> Response:
    """A zip of the media and of ``labels.csv``, whose rows `moodprint study`, `train`, `teach` and
    `evaluate` read."""
    row = context.catalogue.collection(collection_id)
    path = context.media.draft()
    write_labels_archive(path, context.corrections.of_collection(collection_id), context.media)
    return FileResponse(
        path,
        media_type="application/zip",
        headers=attachment(f"{row.name}.labels.zip"),
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _listed(context: Context, search: Search) -> list[AnalysisFields]:
    _, rows = find_analyses(context.database, search)
    return [AnalysisFields.of(row) for row in rows]
