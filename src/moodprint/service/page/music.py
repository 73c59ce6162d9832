"""The page on which music is made, and the parts of it that htmx exchanges."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, ValidationError

from moodprint.service.context import Context, ServiceContext
from moodprint.service.job_schemas import KeptPiece, NewPiece
from moodprint.service.page.render import page
from moodprint.service.problems import Problem
from moodprint.service.routes import pieces
from moodprint.service.store.tables import MadePiece
from moodprint.synthetic.pieces import MusicEngine, available_engines

router = APIRouter(include_in_schema=False, prefix="/music")


@router.get("")
def show_music(context: Context) -> HTMLResponse:
    """The form, and the newest pieces."""
    rows = [(row, pieces.title(row), _facts(row)) for row in context.pieces.newest()]
    return page(
        "music.html.jinja",
        pieces=rows,
        collections=context.catalogue.collections(),
        draws=MusicEngine.DIFFUSION in available_engines(),
    )


class WishForm(BaseModel):
    """The fields of the form, as a browser sends them: empty where nothing was written."""

    prompt: Annotated[str, Field(max_length=10_000)] = ""
    emotion: str = ""
    engine: str = "composer"
    seconds: str = "30"
    seed: str = "1"
    negative: Annotated[str, Field(max_length=10_000)] = ""
    until: Annotated[str, Field(max_length=10_000)] = ""


@router.post("/pieces")
def add_piece(form: Annotated[WishForm, Form()], context: Context) -> HTMLResponse:
    """A new piece for the list; or what is wrong, for the place of problems."""
    fields = {name: text.strip() for name, text in form.model_dump().items()}
    try:
        new = NewPiece.model_validate({name: it for name, it in fields.items() if it != ""})
        made = pieces.add_piece(new, context)
    except ValidationError as error:
        fault = error.errors()[0]
        return _problem(f"{fault['loc'][0] if fault['loc'] else 'wish'}: {fault['msg']}.")
    except Problem as problem:
        return _problem(problem.detail)
    return _piece(context, made.id)


@router.get("/pieces/{piece_id}")
def show_piece(piece_id: str, context: Context) -> HTMLResponse:
    """A piece of the list, as it stands."""
    return _piece(context, piece_id)


@router.post("/pieces/{piece_id}/cancel")
def cancel_piece(piece_id: str, context: Context) -> HTMLResponse:
    """One that waits or is made."""
    pieces.cancel_piece(piece_id, context)
    return _piece(context, piece_id)


@router.post("/pieces/{piece_id}/keep")
def keep_piece(
    piece_id: str, collection: Annotated[str, Form(max_length=100)], context: Context
) -> HTMLResponse:
    """Where it is kept now, with a link."""
    kept = pieces.keep_piece(piece_id, KeptPiece(collection=collection), context)
    return page("kept.html.jinja", kept=kept)


def _piece(context: ServiceContext, piece_id: str) -> HTMLResponse:
    row = context.pieces.get(piece_id)
    return page(
        "piece.html.jinja",
        piece=row,
        title=pieces.title(row),
        facts=_facts(row),
        collections=context.catalogue.collections(),
    )


def _problem(text: str) -> HTMLResponse:
    response = page("problem_line.html.jinja", text=text)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#problem", "innerHTML"
    return response


def _facts(row: MadePiece) -> str:
    """What was made, in words."""
    made: dict[str, Any] = row.description or {}
    words = []
    if made.get("emotion"):
        words.append(f"{made['emotion']} {made['probability']:.0%}")
    if made.get("tempo_bpm"):
        words.append(f"{made['tempo_bpm']:g} beats a minute")
    words += dict.fromkeys((made.get("instruments") or {}).values())
    return ", ".join(words)
