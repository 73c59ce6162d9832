import numpy as np
import pytest
from pitched_notes import note
from recipes.note_generator.melspecgrams import fitted_normalizer, melspecgrams, normalized

from moodprint.generation.note_generator.architecture import Normalizer
from moodprint.generation.note_quality.note_shards import NoteLabel, NoteSet


def _notes(count: int) -> NoteSet:
    sounds = np.stack([note(60 + k) for k in range(count)])
    labels = tuple(NoteLabel("tone", 60 + k, 100, "test") for k in range(count))
    return NoteSet(labels, (sounds * 32_767).astype(np.int16))


@pytest.mark.parametrize("align", [False, True])
def test_notes_become_what_networks_see_whatever_the_number_of_workers(align: bool) -> None:
    notes = _notes(18)
    values = melspecgrams(notes, workers=1, align=align)
    assert values.shape == (18, 2, 128, 1024)
    assert values.dtype == np.float16
    np.testing.assert_array_equal(values, melspecgrams(notes, workers=2, align=align))


def test_aligning_turns_phases_alone() -> None:
    plain, aligned = (melspecgrams(_notes(1), 1, align=align) for align in (False, True))
    np.testing.assert_array_equal(plain[:, 0], aligned[:, 0])
    assert np.abs(plain[:, 1] - aligned[:, 1]).max() > 0.1


def test_values_are_brought_into_the_reach_of_tanh_and_back() -> None:
    values = melspecgrams(_notes(2), workers=1)
    normalizer = fitted_normalizer(values)
    scaled = normalized(values, normalizer)
    assert scaled[:, 0].min() == pytest.approx(-0.8, abs=0.01)
    assert scaled[:, 0].max() == pytest.approx(0.8, abs=0.01)
    assert np.abs(scaled).max() <= 1
    undone = (scaled[:, 0] - normalizer.magnitude_b) / normalizer.magnitude_a
    np.testing.assert_allclose(undone, values[:, 0], atol=0.03)


def test_silence_alone_has_a_normaliser() -> None:
    silence = np.full((1, 2, 128, 1024), -13.8, np.float16)
    normalizer = fitted_normalizer(silence)
    assert np.isfinite([normalizer.magnitude_a, normalizer.magnitude_b]).all()
    assert normalizer.phase_a == 0.8


def test_phases_out_of_reach_are_cut() -> None:
    values = np.full((1, 2, 1, 1), 2.0, np.float16)
    assert normalized(values, Normalizer(0.1, 0.0, 0.8, 0.0)).ravel().tolist() == [
        pytest.approx(0.2, abs=1e-3),
        1.0,
    ]
