import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import OptionError
from moodprint.features.registry import feature_set


def test_values_are_of_the_embedding_alone(music):
    ear = feature_set("ear")
    values = dict(zip(ear.columns, ear.extract(Clip(music[:32_000], 16_000)), strict=True))
    silent = ear.extract(Clip(np.zeros(32_000), 16_000))
    assert len(values) == 512
    assert {name.split("_")[0] for name in values} == {"hidden"}
    assert all(value >= 0 for name, value in values.items() if name.endswith(".sd"))
    assert not np.allclose(list(values.values()), silent)


def test_the_fingerprint_is_of_the_weights():
    files = feature_set("ear").fingerprint["files"]
    assert all(len(digest) == 64 for digest in files.values())


def test_an_unknown_bundle_is_refused():
    with pytest.raises(OptionError, match="no model is called 'nose'"):
        feature_set("ear", {"bundle": "nose"}).check()


def test_the_embedding_has_a_value_for_silence_and_for_hardly_any_sound():
    ear = feature_set("ear")
    for count in (0, 1, 400):
        values = ear.extract(Clip(np.zeros(count, np.float32), ear.sample_rate_hz))
        assert values.shape == (len(ear.columns),)
        assert np.isfinite(values).all()


def test_means_come_before_deviations_for_each_unit():
    columns = feature_set("ear").columns
    half = len(columns) // 2
    assert [name.removesuffix(".mean") for name in columns[:half]] == [
        name.removesuffix(".sd") for name in columns[half:]
    ]
    assert columns[0] == "hidden_000.mean"
