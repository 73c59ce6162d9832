"""The job that makes a piece of music, in a process of its own with limits."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodprint.audio.encode import encode
from moodprint.engine import Limits, hearing, run_one, tell
from moodprint.errors import MoodprintError
from moodprint.service.intake import Intake
from moodprint.service.job_schemas import NewPiece
from moodprint.service.jobs.analysis import NobodyWaitsError, reporting
from moodprint.service.problems import Problem
from moodprint.service.store.pieces import Pieces
from moodprint.synthetic.pieces import make_piece

LIMITS = Limits(3600.0, 3 * 1024**3)
"""Ten minutes of music at 44.1 kHz in stereo take some minutes and 1 GB."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WritePiece:
    """Makes the piece of a wish and writes it to ``path``: what was made, and what was understood.
    Sent to a process of its own."""

    path: Path

    def __call__(self, wish: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Raises OptionError and its kinds, as ``make_piece`` does."""
        piece = make_piece(
            NewPiece.model_validate(wish).request(), lambda _, done, total: tell(done, total)
        )
        encode(piece.clip, self.path)
        return dict(piece.description), piece.understood


@dataclass(frozen=True)
class PieceJobs:
    """Does the jobs."""

    pieces: Pieces
    intake: Intake

    def __call__(self, piece_id: str) -> None:
        """The job of an id: done again, it makes the same file."""
        piece = self.pieces.begin(piece_id)
        if piece is None:
            return
        job = {"fields": {"job": piece_id}}
        draft = self.intake.media.draft().with_suffix(".flac")
        try:
            with hearing(reporting(lambda share: self.pieces.report(piece_id, share))):
                description, understood = run_one(WritePiece(draft), piece.wish, limits=LIMITS)
            with draft.open("rb") as file:
                media = self.intake.media.keep(file, self.intake.room_bytes())
        except NobodyWaitsError:
            _log.info("piece is given up", extra=job)
        except Problem as problem:
            self.pieces.fail(piece_id, problem.code, problem.detail)
        except MoodprintError as error:
            self.pieces.fail(piece_id, "not-made", str(error))
            _log.info("piece failed: %s", error, extra=job)
        else:
            if not self.pieces.finish(piece_id, media, description, understood):
                self.intake.forget([media.content])
            _log.info("piece is done", extra=job)
        finally:
            draft.unlink(missing_ok=True)
