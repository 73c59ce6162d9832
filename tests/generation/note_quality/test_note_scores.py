import numpy as np
import pitched_notes
import pytest

from moodprint.errors import CorpusError
from moodprint.generation.note_quality.note_scores import (
    NoteScorer,
    PitchedNotes,
    compare_notes,
    noise,
)

REAL = PitchedNotes(*pitched_notes.notes(150, seed=1))


def test_like_notes_score_as_real_ones_do_and_noise_does_not() -> None:
    found = compare_notes(PitchedNotes(*pitched_notes.notes(30, seed=2)), REAL)
    notes, real, white = (found[n] for n in ("notes", "real, same instruments", "noise"))
    assert {one.notes for one in found.values()} == {25}
    assert notes.pitch_accuracy.value > 0.9
    assert notes.pitch_accuracy.low <= notes.pitch_accuracy.value <= notes.pitch_accuracy.high
    assert white.pitch_accuracy.value < 0.3
    assert notes.pitch_entropy < white.pitch_entropy
    assert notes.inception > 5 * white.inception
    assert notes.frechet < 3 * real.frechet < white.frechet
    assert notes.diversity == pytest.approx(1, abs=0.2)
    assert white.diversity < 0.2


def test_copies_and_notes_that_are_all_alike_are_found_out() -> None:
    scorer = NoteScorer(REAL)
    copies = scorer.scores(REAL.rows(np.arange(20)))
    assert copies.nearest == pytest.approx(0, abs=1e-6)
    one = REAL.rows(np.zeros(20, np.intp))
    assert scorer.scores(one).diversity == pytest.approx(0, abs=1e-6)
    assert scorer.scores(one).different_bins > copies.different_bins


def test_too_few_real_notes_are_refused() -> None:
    with pytest.raises(CorpusError, match="60"):
        NoteScorer(REAL.rows(np.arange(59)))


def test_all_sets_are_drawn_to_one_size_by_the_seed() -> None:
    notes, apart = (
        PitchedNotes(*pitched_notes.notes(30, 2)),
        PitchedNotes(*pitched_notes.notes(9, 3)),
    )
    first, again = (compare_notes(notes, REAL, apart, seed=5) for _ in range(2))
    assert first == again
    assert {one.notes for one in first.values()} == {9}
    assert compare_notes(notes, REAL, apart, seed=6) != first


def test_noise_is_as_loud_as_prepared_notes_are() -> None:
    sound = noise(3, 1_000, np.random.default_rng(0))
    np.testing.assert_allclose(np.abs(sound).max(axis=1), 0.5, rtol=1e-6)
