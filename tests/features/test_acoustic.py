"""The acoustic set: each column says of a known sound what it should."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import OptionError
from moodprint.features.acoustic import Acoustic
from moodprint.features.functionals import FUNCTIONALS

ACOUSTIC = Acoustic()
RATE_HZ = 22_050

Tone = Callable[..., np.ndarray]


def _features(samples: np.ndarray) -> dict[str, float]:
    """The values of a sound, by column."""
    return dict(zip(ACOUSTIC.columns, ACOUSTIC.extract(Clip(samples, RATE_HZ)), strict=True))


def _noise(seconds: float = 1.0) -> np.ndarray:
    return np.random.default_rng(0).normal(size=int(seconds * RATE_HZ)).astype(np.float32)


def test_columns_are_contours_by_functionals_and_numbers_of_the_whole() -> None:
    columns = ACOUSTIC.columns
    assert len(columns) == 55 * len(FUNCTIONALS) + 7
    assert columns[:3] == ("energy_db.mean", "energy_db.sd", "energy_db.p05")
    assert columns[-1] == "onsets_per_s"
    assert len(set(columns)) == len(columns)


def test_columns_say_what_they_are(tone: Tone) -> None:
    found = _features(tone(880.0, 2.0))
    assert found["pitch_semitones.median"] == pytest.approx(12, abs=0.1)
    assert found["centroid_hz.median"] == pytest.approx(880, abs=20)
    assert found["energy_db.median"] == pytest.approx(20 * np.log10(0.5 / 2**0.5), abs=0.1)
    assert found["chroma_A.mean"] > 0.9
    assert found["voiced_share"] > 0.9


def test_a_crescendo_has_a_rising_energy(tone: Tone) -> None:
    rising = tone(300.0, 3.0) * np.linspace(0.05, 1, 3 * RATE_HZ, dtype=np.float32)
    assert _features(rising)["energy_db.slope_per_s"] > 5


def test_a_glide_has_a_rising_pitch() -> None:
    hz = 220 * 2 ** np.linspace(0, 1, 2 * RATE_HZ)
    glide = np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ).astype(np.float32)
    found = _features(glide)
    assert found["pitch_semitones.slope_per_s"] == pytest.approx(6, abs=0.5), "an octave in 2 s"
    assert found["centroid_hz.slope_per_s"] > 80


def test_a_sound_that_comes_and_goes_has_much_low_energy(tone: Tone) -> None:
    steady = tone(440.0, 2.0)
    broken = steady * (np.arange(len(steady)) % 11_025 < 2_000)
    assert _features(broken)["low_energy_share"] > _features(steady)["low_energy_share"] + 0.3


def test_the_level_moves_the_energy_and_leaves_timbre_and_harmony(music: np.ndarray) -> None:
    loud, quiet = _features(music), _features(music * np.float32(0.1))
    assert quiet["energy_db.median"] == pytest.approx(loud["energy_db.median"] - 20, abs=0.01)
    for name in ("centroid_hz.median", "rolloff_hz.median", "chroma_A.mean", "tonnetz_fifth_x.mean",
                 "key_clarity", "majorness", "tempo_bpm", "pulse_clarity"):  # fmt: skip
        assert quiet[name] == pytest.approx(loud[name], rel=0.01, abs=0.01), name


def test_major_is_told_from_minor(tone: Tone) -> None:
    def chord(third: int) -> np.ndarray:
        steps = (0, 0, third, 7)
        return sum(tone(261.63 * 2 ** (step / 12), 2.0, gain=0.2) for step in steps)

    assert _features(chord(4))["majorness"] > 0 > _features(chord(3))["majorness"]


def test_the_same_clip_gives_the_same_bytes(music: np.ndarray) -> None:
    first, second = (ACOUSTIC.extract(Clip(music, RATE_HZ)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_both_channels_count(tone: Tone) -> None:
    left, right = tone(300.0), tone(1200.0)
    both = ACOUSTIC.extract(Clip(np.stack([left, right]), RATE_HZ))
    mixed = ACOUSTIC.extract(Clip((left + right) / 2, RATE_HZ))
    np.testing.assert_allclose(both, mixed, rtol=1e-4, atol=1e-4)


def test_noise_without_pitch_has_zero_for_all_that_pitch_would_give() -> None:
    found = _features(_noise())
    assert found["voiced_share"] == 0
    pitch = [value for name, value in found.items() if name.startswith("pitch_semitones.")]
    assert pitch == [0.0] * len(FUNCTIONALS)


@pytest.mark.parametrize("count", [0, 1, 511, 2048])
def test_silence_and_hardly_any_sound_give_finite_values(count: int) -> None:
    found = _features(np.zeros(count, np.float32))
    assert np.isfinite(list(found.values())).all()
    assert found["tempo_bpm"] == found["key_clarity"] == found["voiced_share"] == 0


def test_another_rate_is_refused() -> None:
    with pytest.raises(OptionError, match="22050 Hz, not 16000"):
        ACOUSTIC.extract(Clip(np.zeros(100, np.float32), 16_000))
