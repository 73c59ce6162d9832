import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import MissingExtraError
from moodprint.features import opensmile_sets
from moodprint.features.registry import feature_set


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(opensmile_sets, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[opensmile\]"):
        feature_set("egemaps").check()


def test_the_licence_is_told():
    assert "research" in feature_set("compare").licence


def test_loudness_grows_with_the_level(tone):
    pytest.importorskip("opensmile", reason="the extra opensmile is not installed")
    egemaps = feature_set("egemaps")
    place = egemaps.columns.index("loudness_sma3_amean")
    quiet, loud = (
        egemaps.extract(Clip(tone(440.0, 2.0, gain), 16_000))[place] for gain in (0.01, 0.5)
    )
    assert loud > 2 * quiet > 0
    assert len(egemaps.columns) == 88


def test_a_clip_of_three_samples_gives_finite_values():
    pytest.importorskip("opensmile", reason="the extra opensmile is not installed")
    values = feature_set("compare").extract(Clip(np.ones(3, np.float32), 16_000))
    assert values.shape == (6373,)
    assert np.isfinite(values).all()


def test_the_same_clip_gives_the_same_values(tone):
    pytest.importorskip("opensmile", reason="the extra opensmile is not installed")
    clip = Clip(tone(330.0, 1.0), 16_000)
    first, second = (feature_set("egemaps").extract(clip) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_the_two_sets_are_different_sets():
    first, second = feature_set("egemaps"), feature_set("compare")
    assert first.fingerprint != second.fingerprint
    assert first.sample_rate_hz == second.sample_rate_hz == 16_000
