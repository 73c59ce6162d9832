import json
from pathlib import Path

import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import OptionError
from moodprint.features.musicnn import Musicnn

GOLDEN = Path(__file__).with_name("musicnn_golden.json")


@pytest.fixture(scope="module")
def music():
    """Eight seconds: a chord struck twice a second, with a rising tone over its second half."""
    times_s = np.arange(8 * 16_000) / 16_000
    chord = sum(np.sin(2 * np.pi * hz * times_s) for hz in (220, 277.2, 329.6, 440))
    rising = np.sin(2 * np.pi * (200 * times_s + 150 * times_s**2)) * (times_s > 4)
    return Clip(
        (0.1 * np.exp(-3 * (times_s % 0.5)) * chord + 0.05 * rising).astype(np.float32), 16_000
    )


@pytest.mark.parametrize("trained_on", ["MSD", "MTT"])
def test_values_are_those_of_the_tensorflow_checkpoint(music, trained_on):
    """Golden: read from the checkpoints of musicnn 0.1.0 by another implementation."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))[trained_on]
    values = Musicnn(trained_on).extract(music)
    np.testing.assert_allclose(values, golden, rtol=0, atol=1e-4)


def test_statistics_are_those_of_the_tensorflow_checkpoint(music):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))["MSD, mean+sd+max+min, every 25th"]
    values = Musicnn(over_time="mean+sd+max+min").extract(music)
    np.testing.assert_allclose(values[::25], golden, rtol=0, atol=1e-4)


def test_the_set_needs_nothing_that_is_not_installed():
    Musicnn().check()


def test_columns_name_the_tags():
    assert len(Musicnn().columns) == 250
    assert Musicnn().columns[200] == "tag_rock.mean"
    assert "tag_female_vocalists.mean" in Musicnn().columns
    assert "tag_classical.mean" in Musicnn("MTT").columns


def test_statistics_over_time_are_told_apart(music):
    values = Musicnn(over_time="mean+sd+max").extract(music).reshape(3, 250)
    assert Musicnn(over_time="mean+sd+max").columns[250] == "hidden_000.sd"
    np.testing.assert_array_equal(values[0], Musicnn().extract(music))
    assert (values[1] >= 0).all()
    assert (values[2] >= values[0] - 1e-6).all()  # a mean of the same values is rounded


def test_an_unknown_training_set_is_refused():
    with pytest.raises(OptionError, match="known: MSD, MTT"):
        Musicnn("ABC")


def test_an_unknown_statistic_is_refused():
    with pytest.raises(OptionError, match="known: max, mean, min, sd"):
        Musicnn(over_time="mean+mode")
