"""Notes brought onto the beat."""

from __future__ import annotations

import numpy as np

from moodprint.errors import OptionError
from moodprint.generation.midi.score import Score


def quantised(score: Score, tempo_bpm: float, divisions: int = 4) -> Score:
    """Starts and ends moved to the nearest of ``divisions`` equal parts of the beat.

    Where the beat begins is told by the notes: the offset at which most starts lie near the grid.
    A note keeps at least one part.

    Raises:
        OptionError: a tempo out of 20 to 400 beats a minute, or no division.
    """
    if not 20 <= tempo_bpm <= 400 or divisions < 1:
        raise OptionError(
            f"quantising takes 20 to 400 beats a minute and divisions above 0, "
            f"not {tempo_bpm:g} and {divisions}"
        )
    if not score.notes:
        return score
    part_s = 60 / tempo_bpm / divisions
    offset_s = _offset_s([note.start_s for note in score.notes], part_s)

    def snapped(time_s: float) -> float:
        return max(0.0, round((time_s - offset_s) / part_s) * part_s + offset_s)

    notes = []
    for note in score.notes:
        start_s = snapped(note.start_s)
        end_s = max(snapped(note.end_s), start_s + part_s)
        notes.append(note._replace(start_s=start_s, end_s=end_s))
    return score.with_notes(notes)


def _offset_s(starts_s: list[float], part_s: float) -> float:
    """The mean place of the starts within a part, on the circle."""
    turns = np.exp(2j * np.pi * np.array(starts_s) / part_s)
    return float(np.angle(turns.sum()) / (2 * np.pi) * part_s)
