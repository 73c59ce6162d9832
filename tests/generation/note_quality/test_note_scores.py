import numpy as np
import pitched_notes
import pytest

from moodprint.errors import CorpusError
from moodprint.generation.note_quality.note_scores import JudgedNotes, NoteExaminer, compared

REAL = JudgedNotes(*pitched_notes.notes(150, seed=1))


def test_like_notes_score_as_real_ones_do_and_noise_does_not() -> None:
    found = compared(JudgedNotes(*pitched_notes.notes(30, seed=2)), REAL)
    notes, real, noise = (found[n] for n in ("notes", "real, same instruments", "noise"))
    assert {one.notes for one in found.values()} == {25}
    assert notes.pitch_accuracy.value > 0.9
    assert notes.pitch_accuracy.low <= notes.pitch_accuracy.value <= notes.pitch_accuracy.high
    assert noise.pitch_accuracy.value < 0.3
    assert notes.pitch_entropy < noise.pitch_entropy
    assert notes.inception > 5 * noise.inception
    assert notes.frechet < 3 * real.frechet < noise.frechet
    assert notes.diversity == pytest.approx(1, abs=0.2)
    assert noise.diversity < 0.2


def test_copies_and_notes_that_are_all_alike_are_found_out() -> None:
    examiner = NoteExaminer(REAL)
    copies = examiner.scores(REAL.rows(np.arange(20)))
    assert copies.nearest == pytest.approx(0, abs=1e-6)
    one = REAL.rows(np.zeros(20, np.intp))
    assert examiner.scores(one).diversity == pytest.approx(0, abs=1e-6)
    assert examiner.scores(one).different_bins > copies.different_bins


def test_too_few_real_notes_are_refused() -> None:
    with pytest.raises(CorpusError, match="60"):
        NoteExaminer(REAL.rows(np.arange(59)))
