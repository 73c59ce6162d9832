import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.features.acoustic import Acoustic

ACOUSTIC = Acoustic()


def _told(samples):
    return dict(zip(ACOUSTIC.columns, ACOUSTIC.extract(Clip(samples, 22_050)), strict=True))


def test_columns_say_what_they_are(tone):
    told = _told(tone(880.0, 2.0))
    assert told["pitch_semitones.median"] == pytest.approx(12, abs=0.1)
    assert told["centroid_hz.median"] == pytest.approx(880, abs=20)
    assert told["energy_db.median"] == pytest.approx(20 * np.log10(0.5 / 2**0.5), abs=0.1)
    assert told["chroma_A.mean"] > 0.9
    assert told["voiced_share"] > 0.9


def test_a_crescendo_has_a_rising_energy(tone):
    rising = tone(300.0, 3.0) * np.linspace(0.05, 1, 3 * 22_050, dtype=np.float32)
    assert _told(rising)["energy_db.slope_per_s"] > 5


def test_the_same_clip_gives_the_same_bytes(music):
    first, second = (ACOUSTIC.extract(Clip(music, 22_050)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_noise_without_pitch_has_zero_for_all_that_is_told_of_pitch():
    noise = np.random.default_rng(0).normal(size=22_050).astype(np.float32)
    told = _told(noise)
    assert told["voiced_share"] == 0
    assert all(value == 0 for name, value in told.items() if name.startswith("pitch_semitones."))
