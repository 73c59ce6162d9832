import numpy as np
import pytest

from moodprint.clip import Clip, Origin
from moodprint.errors import OptionError


def test_one_channel_may_be_given_flat_and_is_kept_as_a_row():
    clip = Clip(np.zeros(8, np.float32), 4)
    assert clip.samples.shape == (1, 8)
    assert (clip.channels, clip.duration_s) == (1, 2.0)
    assert clip.origin == Origin("", 0.0)


def test_samples_become_single_precision_and_whole_lists_are_taken():
    assert Clip(np.zeros((2, 3)), 8).samples.dtype == np.float32
    assert Clip([[1, 2], [3, 4]], 8).samples.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_mono_is_the_mean_of_the_channels():
    assert Clip([[1.0, 0.0], [0.0, 0.5]], 8).mono.tolist() == [0.5, 0.25]
    alone = Clip(np.arange(4, dtype=np.float32), 8)
    np.testing.assert_array_equal(alone.mono, [0, 1, 2, 3])
    assert Clip(np.ones((6, 4)), 8).mono.dtype == np.float32


def test_no_samples_are_a_clip_of_no_length():
    empty = Clip(np.zeros((2, 0)), 44_100)
    assert (empty.channels, empty.duration_s, empty.mono.shape) == (2, 0.0, (0,))


@pytest.mark.parametrize("samples", [np.zeros((0, 8)), np.zeros((1, 2, 3))])
def test_samples_of_another_shape_are_refused(samples):
    with pytest.raises(OptionError, match="not shape"):
        Clip(samples, 8000)


@pytest.mark.parametrize("rate_hz", [0, -8000])
def test_a_rate_that_is_none_is_refused(rate_hz):
    with pytest.raises(OptionError, match="positive rate"):
        Clip(np.zeros(8), rate_hz)
