"""Corrections: what people say of stretches of a file."""

from __future__ import annotations

from fastapi import APIRouter, Response

from moodprint.service.context import Context
from moodprint.service.problems import problems
from moodprint.service.schemas import CorrectionFields, NewCorrection

router = APIRouter(prefix="/api", tags=["corrections"])


@router.get(
    "/analyses/{analysis_id}/corrections", responses=problems(404), summary="What people said"
)
def list_corrections(analysis_id: str, context: Context) -> list[CorrectionFields]:
    """In order of time, each beside what was answered for most of its stretch."""
    found = context.corrections.of_analysis(analysis_id)
    return [CorrectionFields.of(row, answered) for row, answered in found]


@router.post(
    "/analyses/{analysis_id}/corrections",
    status_code=201,
    responses=problems(404, 409, 422),
    summary="Say what a stretch is",
)
def add_correction(analysis_id: str, new: NewCorrection, context: Context) -> CorrectionFields:
    """An emotion, or that there is no music; a stretch past the end is cut there."""
    row, answered = context.corrections.add(analysis_id, new.model_dump(mode="json"))
    return CorrectionFields.of(row, answered)


@router.delete(
    "/corrections/{correction_id}",
    status_code=204,
    responses=problems(404),
    summary="Take a correction back",
)
def remove_correction(correction_id: str, context: Context) -> Response:
    """It is gone then."""
    context.corrections.remove(correction_id)
    return Response(status_code=204)
