from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.samples import Sample
from moodprint.errors import MoodprintError
from moodprint.features.cache import FeatureCache
from moodprint.study.config import StudyConfig
from moodprint.study.extract import extract

MISSING = {"hubert": {"checkpoint": "nobody/has-this"}}


def _config(*features, **options):
    return StudyConfig(
        corpora=(CorpusConfig("x", toy_songs=1),),
        features=features,
        models=("dummy",),
        feature_options=options,
    )


def _extract(config, samples, tmp_path):
    return extract(config, samples, FeatureCache(tmp_path / "cache"), workers=1)


def _sample(path, **times):
    return Sample(path.name, Excerpt(path, **times), "sad", "", path.name, "x")


@pytest.fixture
def samples(tmp_path):
    """Two tones, and a file that is not there between them."""
    for name, hz in (("low", 220), ("high", 1760)):
        tone = 0.3 * np.sin(2 * np.pi * hz * np.arange(22_050) / 22_050)
        soundfile.write(tmp_path / f"{name}.wav", tone, 22_050)
    return [_sample(tmp_path / f"{name}.wav") for name in ("low", "gone", "high")]


def test_a_combination_has_the_columns_of_its_sets_side_by_side(samples, tmp_path):
    found = _extract(_config("acoustic", "acoustic+ear", "ear"), samples, tmp_path)
    widths = {name: values.shape[1] for name, values in found.values.items()}
    assert widths["acoustic+ear"] == widths["acoustic"] + widths["ear"]
    assert found.columns["acoustic+ear"] == found.columns["acoustic"] + found.columns["ear"]
    both = np.hstack([found.values["acoustic"], found.values["ear"]])
    np.testing.assert_array_equal(found.values["acoustic+ear"], both)


def test_samples_that_cannot_be_read_are_left_out_everywhere_and_told(samples, tmp_path):
    found = _extract(_config("acoustic", "ear"), samples, tmp_path)
    assert found.usable.tolist() == [True, False, True]
    assert {len(values) for values in found.values.values()} == {2}
    assert list(found.problems) == [str(tmp_path / "gone.wav")]
    assert "does not exist" in found.problems[str(tmp_path / "gone.wav")]
    low, high = found.values["acoustic"][
        :, found.columns["acoustic"].index("acoustic:centroid_hz.median")
    ]
    assert low < high


def test_a_set_that_cannot_be_had_takes_its_combinations_with_it(samples, tmp_path):
    config = _config("acoustic", "acoustic+hubert", "hubert", **MISSING)
    found = _extract(config, samples, tmp_path)
    assert list(found.values) == ["acoustic"]
    assert list(found.skipped) == ["acoustic+hubert", "hubert"]
    assert all(found.skipped.values())


def test_no_set_at_all_says_why(samples, tmp_path):
    with pytest.raises(MoodprintError, match=r"no feature set can be had here: \S+"):
        _extract(_config("hubert", **MISSING), samples, tmp_path)


def test_no_sample_at_all_says_why(tmp_path):
    with pytest.raises(MoodprintError, match=r"no sample can be read: .*gone\.wav"):
        _extract(_config("acoustic"), [_sample(Path("/gone.wav"))], tmp_path)


def test_each_set_is_extracted_once(samples, tmp_path):
    steps = []
    extract(
        _config("acoustic", "acoustic+ear", "ear"),
        samples[::2],
        FeatureCache(tmp_path / "cache"),
        workers=1,
        progress=lambda *step: steps.append(step),
    )
    stages = [stage for stage, done, total in steps if done == total]
    assert stages == ["features acoustic+ear"], "in one pass over the files"
