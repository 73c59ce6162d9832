from __future__ import annotations

import numpy as np
import pytest

RNG = np.random.default_rng(0)
VOICE = (0.1 * RNG.standard_normal(16_000)).astype("f4")
MUSIC = (0.02 * np.sin(np.arange(16_000) / 5)).astype("f4")


def _power_db(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))


@pytest.mark.parametrize("level_db", [10, 0, -15])
def test_music_lies_as_far_over_the_voice_as_asked(level_db):
    from voice_over import under

    mixed = under(MUSIC, VOICE, level_db)
    loud = under(MUSIC, VOICE, -200)
    scale = np.vdot(mixed, loud) / np.vdot(loud, loud)
    music = mixed - scale * loud
    assert _power_db(music) - _power_db(scale * loud) == pytest.approx(level_db, abs=0.5)


def test_a_mixture_does_not_clip():
    from voice_over import under

    assert np.abs(under(40 * MUSIC, 40 * VOICE, 20)).max() <= 0.5 + 1e-6


def test_a_level_with_nothing_trusted_has_its_row():
    from moodprint.prediction import NO_MUSIC, Timeline
    from voice_over import LEVELS_DB, Mixture, table

    nothing = Timeline("a", 20.0, NO_MUSIC, (), "toy")
    rows = table([Mixture(level, nothing, nothing) for level in LEVELS_DB]).splitlines()
    assert rows[2] == "| +10 dB | 100% | - | 100% | - |"
    assert len(rows) == 2 + len(LEVELS_DB)
