import numpy as np
import pytest

from moodprint.audio.programme_level import (
    FAINTEST_DB,
    LEVEL_DB,
    gain_to_level_db,
    programme_level_db,
)


def test_a_steady_sound_is_as_loud_as_it_is():
    assert programme_level_db(np.full(9, -30.0)) == pytest.approx(-30)


def test_pauses_do_not_count():
    assert programme_level_db(np.array([-20.0, -20, -60, -90])) == pytest.approx(-20)


@pytest.mark.parametrize("gain_db", [-40.0, -7.5, 12.0])
def test_whatever_the_level_the_sound_ends_as_loud(gain_db):
    levels_db = np.random.default_rng(0).uniform(-35, -15, 40)
    gained = levels_db + gain_db
    assert programme_level_db(gained + gain_to_level_db(gained)) == pytest.approx(LEVEL_DB)


@pytest.mark.parametrize("levels_db", [[], [FAINTEST_DB - 1] * 3, [-np.inf]])
def test_silence_stays_as_it_is(levels_db):
    assert gain_to_level_db(np.array(levels_db)) == 0
