"""The contract of every feature set, a case a member; sets that cannot run here are skipped."""

import pickle

import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import MissingExtraError, MissingWeightsError, OptionError
from moodprint.features.feature_set import FeatureSet
from moodprint.features.registry import (
    FEATURE_SETS,
    TAGS,
    SetStatus,
    feature_set,
    feature_sets,
    statuses,
)


@pytest.fixture(params=sorted(FEATURE_SETS))
def member(request):
    made = feature_set(request.param)
    try:
        made.check()
    except (MissingExtraError, MissingWeightsError) as error:
        pytest.skip(f"{request.param} cannot run here: {error}")
    return made


@pytest.mark.parametrize("name", sorted(FEATURE_SETS))
def test_a_set_is_known_by_its_name_without_loading_what_it_needs(name):
    made = feature_set(name)
    assert isinstance(made, FeatureSet)
    assert made.name == name
    assert made.licence
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  # sent to worker processes


def test_values_match_the_columns_and_are_finite(member, music):
    rate = member.sample_rate_hz
    sounds = (music[: 3 * rate], np.zeros(2 * rate), np.zeros(3), np.zeros(0))
    for samples in sounds:
        values = member.extract(Clip(samples.astype(np.float32), rate))
        assert values.shape == (len(member.columns),)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()


def test_column_names_are_unique_and_readable(member):
    assert len(set(member.columns)) == len(member.columns)
    assert all(name and name.strip() == name for name in member.columns)


def test_the_fingerprint_names_the_set(member):
    assert member.fingerprint["set"] == member.name


def test_unknown_sets_and_options_list_the_known():
    with pytest.raises(OptionError, match="did you mean 'acoustic'"):
        feature_set("acustic")
    with pytest.raises(OptionError, match="option of the feature set acoustic"):
        feature_set("acoustic", {"colour": 1})


def test_combinations_keep_their_order_and_their_options():
    pair = feature_sets("hubert+acoustic", {"hubert": {"checkpoint": "/somewhere", "layer": 3}})
    assert [each.name for each in pair] == ["hubert", "acoustic"]
    assert pair[0].layer == 3
    with pytest.raises(OptionError, match="twice"):
        feature_sets("acoustic+acoustic")


def test_the_statuses_name_each_set_and_what_is_missing(monkeypatch):
    def refuse(self):
        raise MissingExtraError("opensmile", "opensmile")

    monkeypatch.setattr("moodprint.features.opensmile_sets.Egemaps.check", refuse)
    found = {status.set: status for status in statuses()}
    assert list(found) == [*FEATURE_SETS, TAGS]
    assert found["acoustic"] == SetStatus("acoustic", "Apache-2.0", missing="")
    assert "pip install" in found["egemaps"].missing
    assert "research" in found["egemaps"].licence
