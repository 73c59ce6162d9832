import numpy as np
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.errors import EmptyFileError, MissingFileError, OptionError


@pytest.fixture
def ramp(tmp_path):
    """Two seconds at 8 kHz that rise from -1 to 1 on the left and fall on the right."""
    rising = np.linspace(-1, 1, 16_000, dtype=np.float32)
    path = tmp_path / "ramp.wav"
    soundfile.write(path, np.stack([rising, -rising], axis=1), 8000, subtype="FLOAT")
    return path, rising


def test_without_times_it_is_the_whole_file(ramp):
    path, rising = ramp
    clip = Excerpt(path).decode()
    assert clip.sample_rate_hz == 8000
    np.testing.assert_array_equal(clip.samples, np.stack([rising, -rising]))


def test_times_choose_a_part_and_the_rest_is_not_heard(ramp):
    path, rising = ramp
    np.testing.assert_array_equal(Excerpt(path, 0.5, 1.25).decode().samples[0], rising[4000:10_000])
    np.testing.assert_array_equal(Excerpt(path, 1.5).decode().samples[0], rising[12_000:])


def test_rate_and_mono_are_those_asked_for(ramp):
    clip = Excerpt(ramp[0], 0.5, 1.0).decode(sample_rate_hz=16_000, mono=True)
    assert clip.samples.shape == (1, 8000)
    # One channel is the other one inverted: one of them is heard.
    assert np.abs(clip.samples).max() == pytest.approx(0.5, abs=0.1)


def test_the_middle_lies_as_far_from_the_start_as_from_the_end(ramp, tmp_path):
    path, rising = ramp
    assert Excerpt.middle(path, 0.5) == Excerpt(path, 0.75, 1.25)
    np.testing.assert_array_equal(
        Excerpt.middle(path, 1.0).decode().samples[0], rising[4000:12_000]
    )
    np.testing.assert_array_equal(Excerpt.middle(path, 30.0).decode().samples[0], rising)
    with pytest.raises(MissingFileError, match=r"gone\.wav"):
        Excerpt.middle(tmp_path / "gone.wav", 1.0)


def test_equal_excerpts_are_one_key(ramp):
    assert {Excerpt(ramp[0]), Excerpt(ramp[0], 0.0, None), Excerpt(ramp[0], 0.0, 2.0)} == {
        Excerpt(ramp[0]),
        Excerpt(ramp[0], 0.0, 2.0),
    }


def test_what_is_not_there_is_told(ramp, tmp_path):
    with pytest.raises(MissingFileError, match=r"gone\.wav"):
        Excerpt(tmp_path / "gone.wav").decode()
    with pytest.raises(EmptyFileError, match="from 3 s on"):
        Excerpt(ramp[0], 3.0).decode()
    with pytest.raises(OptionError, match=r"not 1.0 and 0\.5"):
        Excerpt(ramp[0], 1.0, 0.5).decode()
