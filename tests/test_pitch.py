import numpy as np
import pytest

from moodprint import pitch

PAIRS = [
    (pitch.HEARD_MAJOR, pitch.HEARD_MINOR),
    (pitch.FOUND_MAJOR, pitch.FOUND_MINOR),
]


@pytest.mark.parametrize(("major", "minor"), PAIRS)
def test_keys_are_rows_of_mean_0_and_length_1(major, minor):
    rows = pitch.of_all_keys(major, minor)
    assert rows.shape == (24, 12)
    np.testing.assert_allclose(rows.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)


@pytest.mark.parametrize(("major", "minor"), PAIRS)
@pytest.mark.parametrize("tonic", [0, 3, 9])
def test_a_scale_fits_its_own_key_best(major, minor, tonic):
    rows = pitch.of_all_keys(major, minor)
    for mode, profile in enumerate((major, minor)):
        pitch_classes = np.roll(profile, tonic) - np.mean(profile)
        assert (rows @ pitch_classes).argmax() == 12 * mode + tonic


@pytest.mark.parametrize(("major", "minor"), PAIRS)
def test_the_third_tells_the_mode(major, minor):
    assert major[4] > major[3]
    assert minor[3] > minor[4]
