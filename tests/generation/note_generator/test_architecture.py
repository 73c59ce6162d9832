import pytest

from moodprint.generation.note_generator.architecture import (
    BANDS,
    FRAMES,
    INPUT_SIZE,
    PITCHES,
    feature_counts,
)
from moodprint.generation.note_generator.mel import MEL_BANDS
from moodprint.generation.note_generator.stft import frames_of


def test_the_paper_has_these_many_features() -> None:
    assert feature_counts() == (256, 256, 256, 256, 128, 64, 32)


def test_features_halve_from_a_base_and_stay_below_the_most() -> None:
    assert feature_counts(7, base=1024, most=64) == (64, 64, 64, 64, 32, 16, 8)
    assert feature_counts(3, base=4, most=64) == (2, 1, 1), "at least one"
    assert feature_counts(0) == ()


def test_a_network_at_full_size_puts_out_what_the_representation_takes() -> None:
    assert (FRAMES, BANDS) == (frames_of(64_000), MEL_BANDS) == (128, 1024)


def test_the_pitches_of_the_paper_are_five_octaves() -> None:
    assert pytest.approx(5) == (PITCHES - 1) / 12
    assert INPUT_SIZE == 256 + 61
