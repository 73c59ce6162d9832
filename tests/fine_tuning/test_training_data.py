import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.excerpt import Excerpt
from moodprint.errors import MissingFileError
from moodprint.fine_tuning.training_data import mono_samples, part_of


def test_samples_are_mono_at_the_rate_that_was_asked_for(tones):
    (tone,) = tones([0.5])
    samples = mono_samples(tone, 8000)
    assert samples.shape == (4000,)
    assert samples.dtype == np.float32
    assert mono_samples(Excerpt(tone.path, 0.1, 0.2), 16_000).shape == (1600,)


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(MissingFileError):
        mono_samples(Excerpt(tmp_path / "gone.wav"), 16_000)


def test_the_first_the_middle_and_the_last_part():
    whole = np.arange(10)
    assert part_of(whole, 0.0, 4).tolist() == [0, 1, 2, 3]
    assert part_of(whole, 0.5, 4).tolist() == [3, 4, 5, 6]
    assert part_of(whole, 1.0, 4).tolist() == [6, 7, 8, 9]
    assert part_of(whole, 0.7, 99).tolist() == whole.tolist()


@given(st.integers(0, 50), st.floats(0, 1), st.integers(1, 60))
def test_a_part_is_whole_rows_of_the_size_asked_for_or_all(rows, place, size):
    whole = np.arange(rows)[:, None] * [1, -1]
    part = part_of(whole, place, size)
    assert part.shape == (min(rows, size), 2)
    if len(part):
        first = int(part[0, 0])
        np.testing.assert_array_equal(part, whole[first : first + len(part)])
