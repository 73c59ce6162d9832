"""A matrix over excerpts: rows in order, each part of the work once, and bad files alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.errors import MissingWeightsError, OptionError
from moodprint.features.acoustic import Acoustic
from moodprint.features.cache import FeatureCache
from moodprint.features.extraction import feature_matrix
from moodprint.features.feature_set import FeatureSet


@dataclass(frozen=True)
class Loudness(FeatureSet):
    """Mean square and length; counts its calls in a file, for the tests."""

    log: Path
    name: ClassVar[str] = "loudness"

    @property
    def sample_rate_hz(self):
        return 22_050

    @property
    def columns(self):
        return ("power", "seconds")

    def extract(self, clip):
        with self.log.open("a") as file:
            file.write("x")
        return np.array([np.mean(clip.mono**2), clip.duration_s], np.float32)


@pytest.fixture
def loudness(tmp_path):
    log = tmp_path / "calls"
    log.touch()
    return Loudness(log)


@pytest.fixture
def files(sound_file):
    return [sound_file(f"{n}.wav", np.full(22_050 * 2, n / 10, np.float32)) for n in (3, 1, 2)]


def test_rows_come_in_the_order_asked_for(loudness, files):
    excerpts = [Excerpt(files[0]), Excerpt(files[1], 0.5, 1.5), Excerpt(files[0], 1.0)]
    matrix = feature_matrix([loudness], excerpts, workers=1)
    assert matrix.columns == ("loudness:power", "loudness:seconds")
    np.testing.assert_allclose(matrix.values, [[0.09, 2], [0.01, 1], [0.09, 1]], rtol=1e-3)
    assert matrix.usable.all()


def test_a_bad_file_is_told_and_the_rest_goes_on(loudness, files, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF and then nothing")
    matrix = feature_matrix([loudness], [Excerpt(bad), Excerpt(files[0])], workers=1)
    assert matrix.usable.tolist() == [False, True]
    assert "bad.wav" in matrix.problems[bad]


def test_the_cache_saves_the_work_and_follows_the_content(loudness, files, tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    excerpts = [Excerpt(path) for path in files]
    first = feature_matrix([loudness], excerpts, cache=cache, workers=1)
    renamed = files[0].rename(tmp_path / "renamed.wav")
    excerpts[0] = Excerpt(renamed)
    again = feature_matrix([loudness], excerpts, cache=cache, workers=1)
    np.testing.assert_array_equal(first.values, again.values)
    assert len(loudness.log.read_text()) == 3
    feature_matrix([loudness], [Excerpt(renamed, 0.0, 1.0)], cache=cache, workers=1)
    assert len(loudness.log.read_text()) == 4


def test_processes_give_what_one_gives(files):
    excerpts = [Excerpt(path) for path in files]
    alone = feature_matrix([Acoustic()], excerpts, workers=1)
    together = feature_matrix([Acoustic()], excerpts, workers=2)
    # Sums of a matrix product may be split otherwise where processes share the cores.
    np.testing.assert_allclose(together.values, alone.values, rtol=1e-4, atol=1e-6)


def test_progress_counts_files(loudness, files):
    steps = []
    excerpts = [Excerpt(files[0]), Excerpt(files[0], 1.0), Excerpt(files[1])]
    feature_matrix([loudness], excerpts, workers=1, progress=lambda *step: steps.append(step))
    assert steps == [(f"features {loudness.name}", done, 2) for done in (1, 2)]


def test_nothing_to_do_is_refused(loudness, files):
    with pytest.raises(OptionError, match="at least one"):
        feature_matrix([], [Excerpt(files[0])])
    with pytest.raises(OptionError, match="at least one"):
        feature_matrix([loudness], [])


@dataclass(frozen=True)
class Missing(Loudness):
    """A set whose weights are not here."""

    def check(self):
        raise MissingWeightsError("no weights here")


def test_a_set_that_cannot_be_used_is_refused_before_any_work(loudness, files):
    with pytest.raises(MissingWeightsError, match="no weights here"):
        feature_matrix([loudness, Missing(loudness.log)], [Excerpt(files[0])], workers=1)
    assert loudness.log.read_text() == ""


def test_sets_stand_side_by_side(loudness, files):
    excerpts = [Excerpt(file) for file in files]
    both = feature_matrix([loudness, Acoustic()], excerpts, workers=1)
    alone = feature_matrix([Acoustic()], excerpts, workers=1)
    assert both.columns == ("loudness:power", "loudness:seconds", *alone.columns)
    np.testing.assert_array_equal(both.values[:, 2:], alone.values)


def test_a_file_is_opened_once_for_all_of_its_excerpts(loudness, files, tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    excerpts = [Excerpt(files[0], start, start + 0.5) for start in (0.0, 0.5, 1.0)]
    feature_matrix([loudness], excerpts, cache=cache, workers=1)
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 1, "one entry holds them all"
    assert len(loudness.log.read_text()) == 3


def test_an_entry_of_another_shape_is_not_believed(loudness, files, tmp_path):
    cache = FeatureCache(tmp_path / "cache")
    excerpts = [Excerpt(files[0])]
    expected = feature_matrix([loudness], excerpts, cache=cache, workers=1).values
    [entry] = (tmp_path / "cache").rglob("*.npy")
    np.save(entry, np.zeros((5, 9), np.float32))
    again = feature_matrix([loudness], excerpts, cache=cache, workers=1).values
    np.testing.assert_array_equal(again, expected)
    np.testing.assert_array_equal(np.load(entry), expected)


def test_an_excerpt_behind_the_end_fails_its_file_alone(loudness, files):
    excerpts = [Excerpt(files[0], 100.0, 101.0), Excerpt(files[1])]
    matrix = feature_matrix([loudness], excerpts, workers=1)
    assert matrix.usable.tolist() == [False, True]
    assert list(matrix.problems) == [files[0]]
