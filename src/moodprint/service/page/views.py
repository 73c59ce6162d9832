"""The page's addresses: whole pages, and the parts of them that htmx exchanges."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from moodprint.emotion import EMOTIONS
from moodprint.plain_text import spreadsheet_cell
from moodprint.prediction import UNSURE, Presence
from moodprint.reports.exports import FORMATS
from moodprint.service.context import Context, ServiceContext
from moodprint.service.guards import COOKIE
from moodprint.service.overview import Glance
from moodprint.service.page import fetches, music
from moodprint.service.page.facts import FilePage, Track, drawings_of, file_rows, tracks_of
from moodprint.service.page.render import page
from moodprint.service.problems import Problem
from moodprint.service.routes.analyses import Filters
from moodprint.service.routes.downloads import attachment
from moodprint.service.schemas import Label
from moodprint.service.store.outlines import outlines_of
from moodprint.service.store.search import Search, find_analyses

_FOLDER = Path(__file__).parent
_PAGE_ROWS = 50
_CSV_ROWS = 100_000
_KEY_LASTS_S = 30 * 86_400

router = APIRouter(include_in_schema=False)


def add_page(app: FastAPI) -> None:
    """Add the page to the service."""
    app.include_router(router)
    app.include_router(fetches.router)
    app.include_router(music.router)
    app.mount("/static", _Static(directory=_FOLDER / "static"))


class _Static(StaticFiles):
    """Files that a browser keeps, and asks about each time whether they are still the same."""

    def file_response(self, *args: Any, **fields: Any) -> Response:
        """With the header that says so."""
        response = super().file_response(*args, **fields)
        response.headers["Cache-Control"] = "no-cache"
        return response


@router.get("/")
def home(context: Context) -> HTMLResponse:
    """All collections."""
    return page(
        "home.html.jinja",
        collections=context.catalogue.collections(),
        most_megabytes=context.settings.most_megabytes,
    )


@router.get("/docs")
def show_api(request: Request) -> HTMLResponse:
    """The API, described for people out of what describes it for programs."""
    described: dict[str, Any] = request.app.openapi()
    calls = [
        (method.upper(), path, call)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    return page("api.html.jinja", calls=calls, schemas=described["components"]["schemas"])


@router.get("/login")
def ask_for_key() -> HTMLResponse:
    """Where a person of another machine gives a key."""
    return page("login.html.jinja")


@router.post("/login")
def take_key(key: Annotated[str, Form(max_length=200)], request: Request) -> Response:
    """The key goes into a cookie that no script reads and no other site sends."""
    response = RedirectResponse("/", status_code=303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, key.strip(), max_age=_KEY_LASTS_S, httponly=True, samesite="strict", secure=secure
    )
    return response


@router.post("/collections")
def add_collection(name: Annotated[str, Form(max_length=200)], context: Context) -> Response:
    """A new collection, and on to its page."""
    collection = context.catalogue.add_collection(name)
    return RedirectResponse(f"/collections/{collection.id}", status_code=303)


@router.get("/collections/{collection_id}")
def show_collection(collection_id: str, context: Context) -> HTMLResponse:
    """A collection at a glance; its parts follow."""
    collection = context.catalogue.collection(collection_id)
    counts = context.catalogue.counts(collection_id)
    return page(
        "collection.html.jinja",
        collection=collection,
        counts=counts,
        most_megabytes=context.settings.most_megabytes,
        from_folders=bool(context.settings.root),
        from_web=context.settings.allow_web,
    )


@router.get("/collections/{collection_id}/parts/overview")
def show_overview(collection_id: str, context: Context) -> HTMLResponse:
    """Moods over all files, and the passages to hear at once."""
    glance = Glance(outlines_of(context.database, collection_id))
    corrections = context.corrections.of_collection(collection_id)
    return page(
        "overview.html.jinja",
        collection_id=collection_id,
        glance=glance,
        counts=context.catalogue.counts(collection_id),
        corrections=len(corrections),
        agreed=sum(answered == row.label for _, row, answered in corrections),
    )


@router.get("/collections/{collection_id}/parts/sharing")
def show_sharing(collection_id: str, context: Context) -> HTMLResponse:
    """Who shares music with whom."""
    state, tracks = _tracks(context, collection_id)
    return page("sharing.html.jinja", state=state, tracks=tracks, drawings=drawings_of(tracks))


@router.get("/collections/{collection_id}/parts/files")
def show_files(
    collection_id: str, filters: Annotated[Filters, Query()], context: Context
) -> HTMLResponse:
    """A page of the list of files that fit, each with its timeline."""
    search = _search(collection_id, filters, _PAGE_ROWS, filters.offset)
    total, rows = find_analyses(context.database, search)
    return page(
        "files.html.jinja",
        collection_id=collection_id,
        rows=file_rows(rows),
        total=total,
        offset=filters.offset,
        step=_PAGE_ROWS,
    )


@router.get("/collections/{collection_id}/files.csv")
def files_csv(
    collection_id: str, filters: Annotated[Filters, Query()], context: Context
) -> Response:
    """The list of files that fit, as a table for other programs."""
    name = context.catalogue.collection(collection_id).name
    _, rows = find_analyses(context.database, _search(collection_id, filters, _CSV_ROWS, 0))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    kinds = [*map(str, EMOTIONS), UNSURE]
    writer.writerow([
        *("file", "state", "emotion", "confidence", "abstained", "duration_s"),
        *kinds, *map(str, Presence), "error",
    ])  # fmt: skip
    for row in rows:
        shares, presence = row.shares or {}, row.presence or {}
        cells = (row.emotion, row.confidence, row.abstained, row.duration_s)
        writer.writerow([
            spreadsheet_cell(row.name), row.state,
            *("" if cell is None else cell for cell in cells),
            *(shares.get(kind, "") for kind in kinds),
            *(presence.get(str(kind), "") for kind in Presence), row.error or "",
        ])  # fmt: skip
    return Response(
        table.getvalue(), media_type="text/csv; charset=utf-8", headers=attachment(f"{name}.csv")
    )


@router.get("/analyses/{analysis_id}")
def show_analysis(analysis_id: str, context: Context) -> HTMLResponse:
    """One file: its sound, its timeline, why, where else its music is, what people say."""
    row = context.catalogue.analysis(analysis_id)
    timeline = None if row.state != "done" else context.catalogue.timeline(analysis_id)
    _, tracks = _tracks(context, row.collection_id)
    here = [track for track in tracks if any(use.analysis == row.id for use in track.uses)]
    return page(
        "analysis.html.jinja",
        file=FilePage(row, timeline, here),
        collection=context.catalogue.collection(row.collection_id),
        labels=list(Label),
        formats=[*FORMATS, "html"],
    )


@router.get("/analyses/{analysis_id}/parts/corrections")
def show_corrections(analysis_id: str, context: Context) -> HTMLResponse:
    """What people say of stretches, beside what was answered."""
    found = context.corrections.of_analysis(analysis_id)
    agreed = sum(answered == row.label for row, answered in found)
    return page("corrections.html.jinja", corrections=found, agreed=agreed)


def _search(collection_id: str, filters: Filters, limit: int, offset: int) -> Search:
    fields = {**filters.model_dump(), "collection": collection_id, "limit": limit, "offset": offset}
    return Search(**fields)


def _tracks(context: ServiceContext, collection_id: str) -> tuple[str | None, list[Track]]:
    state, tracks = context.sharing.tracks(collection_id)
    ids = {use["analysis"] for track in tracks for use in track["uses"]}
    return state, tracks_of(tracks, context.catalogue.names(sorted(ids)))


def error_page(request: Request, problem: Problem) -> HTMLResponse | None:
    """A problem as a page, for a person who came by an address; None for programs."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if not wants_page or request.url.path.startswith("/api"):
        return None
    response = page("problem.html.jinja", problem=problem)
    response.status_code = problem.status
    return response
