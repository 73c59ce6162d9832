"""Pieces: music made from a prompt or a mood, by a job; heard, kept in a collection, deleted."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from moodprint.errors import MoodprintError
from moodprint.service.context import Context
from moodprint.service.job_schemas import KeptPiece, NewPiece, PieceFields
from moodprint.service.jobs.queue import MAKE
from moodprint.service.problems import Problem, problems
from moodprint.service.schemas import AnalysisFields
from moodprint.service.store.tables import MadePiece, State

router = APIRouter(prefix="/api/pieces", tags=["pieces"])


@router.post(
    "", status_code=201, responses=problems(422, 507), summary="Have a piece of music made"
)
def add_piece(new: NewPiece, context: Context) -> PieceFields:
    """It is made by a job; the answer comes at once. The same wish makes the same music."""
    try:
        new.request()
    except MoodprintError as error:
        said = str(error)
        raise Problem(422, "bad-wish", f"{said[:1].upper()}{said[1:]}.") from error
    if context.pieces.count() >= context.settings.most_files:
        raise Problem(507, "no-room", "The service holds as many pieces as it may.")
    row = context.pieces.add(new.model_dump(mode="json"))
    context.queue.ask(MAKE, row.id)
    return PieceFields.of(row)


@router.get("", summary="The newest pieces")
def list_pieces(context: Context) -> list[PieceFields]:
    """Two hundred at most."""
    return [PieceFields.of(row) for row in context.pieces.newest()]


@router.get("/{piece_id}", responses=problems(404), summary="A piece")
def get_piece(piece_id: str, context: Context) -> PieceFields:
    """How far it is, what was understood of the prompt, and what was made."""
    return PieceFields.of(context.pieces.get(piece_id))


@router.delete("/{piece_id}", status_code=204, responses=problems(404), summary="Delete a piece")
def remove_piece(piece_id: str, context: Context) -> Response:
    """Collections that keep it have files of their own of it."""
    row = context.pieces.remove(piece_id)
    context.queue.give_up(MAKE, piece_id)
    if row.content is not None:
        context.intake.forget([row.content])
    return Response(status_code=204)


@router.post("/{piece_id}/cancel", responses=problems(404), summary="Cancel a piece")
def cancel_piece(piece_id: str, context: Context) -> PieceFields:
    """One that waits or is made; what has ended stays as it is."""
    row = context.pieces.cancel(piece_id)
    context.queue.give_up(MAKE, piece_id)
    return PieceFields.of(row)


@router.get(
    "/{piece_id}/media",
    responses=problems(404, 409, 416),
    response_class=FileResponse,
    summary="The music",
)
def get_piece_media(piece_id: str, context: Context) -> FileResponse:
    """FLAC; a part of it with a Range header."""
    row = _done(context.pieces.get(piece_id))
    path = context.media.path(str(row.content))
    if not path.is_file():
        raise Problem(404, "no-such-file", "The file is gone from the store.")
    return FileResponse(path, media_type="audio/flac")


@router.post(
    "/{piece_id}/keep",
    status_code=201,
    responses=problems(404, 409, 422, 507),
    summary="Keep a piece in a collection",
)
def keep_piece(piece_id: str, kept: KeptPiece, context: Context) -> AnalysisFields:
    """As a file that is analysed like any other. The mood that was asked for is noted with it as a
    correction is, so that a collection of pieces is a labelled corpus: see
    `GET /api/collections/ID/labels.zip`."""
    row = _done(context.pieces.get(piece_id))
    with context.media.path(str(row.content)).open("rb") as file:
        analysis = context.intake.take(file, f"{title(row)}.flac", kept.collection)
    made = row.description or {}
    if made.get("emotion"):
        context.corrections.note(analysis.id, made["duration_s"], made["emotion"], "as asked for")
    return AnalysisFields.of(analysis)


def title(row: MadePiece) -> str:
    """What a piece is called: what was asked for, and by which seed."""
    words = row.wish.get("prompt") or f"{row.wish.get('emotion')} music"
    return f"{words} ({row.wish.get('engine')}, seed {row.wish.get('seed')})"


def _done(row: MadePiece) -> MadePiece:
    if row.state != State.DONE:
        raise Problem(409, "no-answer", f"The piece is {row.state}.")
    return row
