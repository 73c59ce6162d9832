from pathlib import Path

import pytest

from moodprint.errors import MissingFileError, OptionError
from moodprint.study.config import load_config

MINIMAL = """
corpora: [{name: toys, toy_songs: 2}]
features: [acoustic]
models: [ridge]
"""


def _config(tmp_path, text):
    path = tmp_path / "study.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_defaults_and_paths(tmp_path):
    text = MINIMAL.replace("name: toys, toy_songs: 2", "name: q, labels: l.csv, label: quadrant")
    study = load_config(_config(tmp_path, text), protocol="leave-one-corpus-out")
    assert study.corpora[0].labels == tmp_path / "l.csv"
    assert study.corpora[0].label == "quadrant"
    assert study.labels == ("angry", "calm", "fear", "happy", "sad")
    assert study.protocol == "leave-one-corpus-out"
    assert (study.finalists, study.tune, study.augment.factor) == (5, False, 0)
    assert study.to_dict()["corpora"][0]["name"] == "q"


def test_all_options_are_flat(tmp_path):
    more = "seed: 3\nfolds: 2\ntune: true\naugment: {factor: 2, transforms: [noise]}\nsegment_s: 5"
    study = load_config(_config(tmp_path, MINIMAL + more))
    assert (study.seed, study.folds, study.tune, study.segment_s) == (3, 2, True, 5)
    assert study.augment.transforms == ("noise",)
    plain = study.to_dict()
    assert plain["augment"] == {"factor": 2, "transforms": ["noise"]}
    assert set(plain) >= {"corpora", "labels", "features", "models", "holdout_share", "seed"}


def test_a_plan_of_version_0_2_is_still_read(tmp_path):
    old = load_config(_config(tmp_path, MINIMAL.replace("toy_songs", "made")))
    assert old == load_config(_config(tmp_path, MINIMAL))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n- b", "a study is a mapping of options, not list"),
        ("corpora: [}", "line 1: is not YAML"),
        ("features: [acoustic]\nmodels: [ridge]", "no corpus is named"),
        ("corpora: here", "corpora are a list, not str"),
        ("corpora: [here]", "a corpus is a mapping of options, not 'here'"),
        (MINIMAL.replace("features: [acoustic]", ""), "at least one set was expected"),
        (MINIMAL.replace("models: [ridge]", ""), "at least one was expected"),
        (MINIMAL + "colour: red", "no option of a study is called 'colour'"),
        (MINIMAL + "protocol: random", "no protocol is called 'random'"),
        (MINIMAL + "labels: [sad]", r"2 or more different ones, not \['sad'\]"),
        (MINIMAL + "finalists: 0", "finalists are 1 or more, not 0"),
        (MINIMAL + "segment_s: 0", "segment_s is above 0, not 0"),
        (MINIMAL + "segment_s: long", "segment_s is a number, not 'long'"),
        (MINIMAL + "folds: '5'", "folds is a whole number, not '5'"),
        (MINIMAL + "tune: 1", "tune is true or false, not 1"),
        (MINIMAL + "feature_options: [a]", "feature_options is a mapping of options"),
        (MINIMAL.replace("[ridge]", "{ridge: 1}"), "models is a list, not"),
        (MINIMAL.replace("[ridge]", ""), "models is a list, not None"),
        (MINIMAL + "augment: 2", "augment is a mapping of options, not 2"),
        (MINIMAL + "augment: {factors: 2}", "did you mean 'factor'"),
        (MINIMAL.replace("ridge", "rigde"), "did you mean 'ridge'"),
        (MINIMAL.replace("acoustic", "acoustics"), "did you mean 'acoustic'"),
        (MINIMAL.replace("toy_songs: 2", ""), "names 0 of folder, labels and toy_songs"),
        (MINIMAL.replace("toy_songs: 2", "toy_songs: 2, folder: x"), "names 2 of"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, text, said):
    with pytest.raises(OptionError, match=said) as error:
        load_config(_config(tmp_path, text))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_plan_as_editors_write_it_is_read(tmp_path, encoding):
    assert load_config(_config(tmp_path, MINIMAL.encode(encoding))).models == ("ridge",)


def test_one_word_where_a_list_is_expected_is_a_list_of_one(tmp_path):
    text = MINIMAL.replace("[acoustic]", "acoustic").replace("[ridge]", "ridge")
    study = load_config(_config(tmp_path, text))
    assert (study.features, study.models) == (("acoustic",), ("ridge",))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(MissingFileError, match="does not exist"):
        load_config(tmp_path / "none.yaml")


CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_the_configs_that_come_with_the_project_are_valid(path):
    assert load_config(path).models


def test_there_are_configs():
    assert {"debug", "full"} <= {path.stem for path in CONFIGS}
