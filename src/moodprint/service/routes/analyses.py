"""Analyses: files put in, their jobs followed, their answers, media and waveforms given out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field

from moodprint.emotion import Emotion
from moodprint.prediction import Presence
from moodprint.service.context import Context
from moodprint.service.jobs.queue import ANALYZE
from moodprint.service.problems import Problem, problems
from moodprint.service.routes.downloads import ExportFormat, exported
from moodprint.service.schemas import AnalysisFields, AnalysisPage
from moodprint.service.store.search import SORTS, Search, find_analyses
from moodprint.service.store.tables import State

router = APIRouter(prefix="/api/analyses", tags=["analyses"])


class Filters(BaseModel):
    """What an address asks of the list of analyses."""

    collection: str | None = None
    search: Annotated[str | None, Field(max_length=300, description="In the name.")] = None
    emotion: Emotion | None = None
    presence: Annotated[
        Presence | None, Field(description="A tenth of the file's time or more is that.")
    ] = None
    abstained: bool | None = None
    state: State | None = None
    since: Annotated[datetime | None, Field(description="Uploaded then or later.")] = None
    until: Annotated[datetime | None, Field(description="Uploaded before.")] = None
    shared: Annotated[
        bool | None, Field(description="Whether it shares music with others of the collection.")
    ] = None
    sort: Annotated[
        str, Field(description=f"One of {', '.join(SORTS)}; behind a - the greatest first.")
    ] = "-created_at"
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


@router.post(
    "",
    status_code=201,
    responses=problems(400, 404, 413, 415, 422, 507),
    summary="Upload a file to be analysed",
)
def add_analysis(
    context: Context,
    file: Annotated[UploadFile, File(description="Audio or video of any kind.")],
    collection: Annotated[
        str | None, Form(description="The id of a collection; by default one called Files.")
    ] = None,
    name: Annotated[
        str | None,
        Form(max_length=1000, description="What to call it; by default the name of the file."),
    ] = None,
) -> AnalysisFields:
    """The file is kept and its analysis queued; the answer comes at once, without waiting for it.

    The same content in the same collection is the same analysis: it is given back as it stands.
    """
    with file.file:
        row = context.intake.take(file.file, name or file.filename or "", collection)
    return AnalysisFields.of(row)


@router.get("", responses=problems(404, 422), summary="Find analyses")
def list_analyses(filters: Annotated[Filters, Query()], context: Context) -> AnalysisPage:
    """Those that fit all filters, a page at a time."""
    total, rows = find_analyses(context.database, Search(**filters.model_dump()))
    return AnalysisPage(total=total, items=[AnalysisFields.of(row) for row in rows])


@router.get("/{analysis_id}", responses=problems(404), summary="An analysis, in short")
def get_analysis(analysis_id: str, context: Context) -> AnalysisFields:
    """Where it stands, and its answer without the segments."""
    return AnalysisFields.of(context.catalogue.analysis(analysis_id))


@router.delete("/{analysis_id}", status_code=204, responses=problems(404), summary="Delete a file")
def remove_analysis(analysis_id: str, context: Context) -> Response:
    """With its answer and its corrections; its media too, if no other collection holds them."""
    row = context.catalogue.remove(analysis_id)
    if row.state == State.QUEUED:
        context.queue.give_up(ANALYZE, row.key)
    context.intake.forget([row.content])
    return Response(status_code=204)


@router.post("/{analysis_id}/cancel", responses=problems(404), summary="Cancel an analysis")
def cancel_analysis(analysis_id: str, context: Context) -> AnalysisFields:
    """One that is queued or runs; what has ended stays as it is."""
    return AnalysisFields.of(context.catalogue.cancel(analysis_id))


@router.post("/{analysis_id}/retry", responses=problems(404), summary="Analyse a file once more")
def retry_analysis(analysis_id: str, context: Context) -> AnalysisFields:
    """One that failed or was cancelled."""
    row = context.catalogue.retry(analysis_id)
    if row.state == State.QUEUED:
        context.queue.ask(ANALYZE, row.key)
    return AnalysisFields.of(row)


@router.get(
    "/{analysis_id}/answer",
    responses=problems(404, 409),
    response_class=JSONResponse,
    summary="The whole answer, with segments",
)
def get_answer(analysis_id: str, context: Context) -> JSONResponse:
    """The object that `moodprint analyze --json` gives for a file."""
    return JSONResponse(context.catalogue.timeline(analysis_id).to_dict())


@router.get(
    "/{analysis_id}/export/{format_name}",
    responses=problems(404, 409, 422),
    response_class=Response,
    summary="The answer in a file",
)
def export_answer(analysis_id: str, format_name: ExportFormat, context: Context) -> Response:
    """In a format that other programs read."""
    timeline = context.catalogue.timeline(analysis_id)
    return exported([timeline], format_name, timeline.source)


@router.get(
    "/{analysis_id}/media",
    responses=problems(404, 416),
    response_class=FileResponse,
    summary="The file itself",
)
def get_media(analysis_id: str, context: Context) -> FileResponse:
    """A part of it with a Range header, so that a player can seek."""
    row = context.catalogue.analysis(analysis_id)
    path = context.media.path(row.content)
    if not path.is_file():
        raise Problem(404, "no-such-file", "The file is gone from the store.")
    return FileResponse(path, media_type=row.media_type or "application/octet-stream")


@router.get(
    "/{analysis_id}/peaks",
    responses=problems(404, 409),
    response_class=FileResponse,
    summary="The waveform, as a player draws it",
)
def get_peaks(analysis_id: str, context: Context) -> FileResponse:
    """``rate_hz``, and ``peaks``: the loudest sample of each stretch, from 0 to 255."""
    row = context.catalogue.analysis(analysis_id)
    path = context.media.peaks(row.content)
    if not path.is_file():
        raise Problem(409, "no-answer", f"The analysis is {row.state}.")
    return FileResponse(path, media_type="application/json")
