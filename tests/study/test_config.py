from pathlib import Path

import pytest

from moodprint.errors import MissingFileError, OptionError
from moodprint.study.config import load_config

MINIMAL = """
corpora: [{name: toys, made: 2}]
features: [acoustic]
models: [ridge]
"""


def _config(tmp_path, text):
    path = tmp_path / "study.yaml"
    path.write_text(text)
    return path


def test_defaults_and_paths(tmp_path):
    text = (
        "corpora: [{name: q, labels: data/labels.csv, label: quadrant}]\n"
        + MINIMAL.split("\n", 2)[2]
    )
    study = load_config(_config(tmp_path, text), protocol="leave-one-corpus-out")
    assert study.corpora[0].labels == tmp_path / "data" / "labels.csv"
    assert study.corpora[0].label == "quadrant"
    assert study.labels == ("angry", "calm", "fear", "happy", "sad")
    assert study.protocol == "leave-one-corpus-out"
    assert study.to_dict()["corpora"][0]["name"] == "q"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n- b", "a study is a mapping"),
        ("corpora: [}", "is not YAML"),
        ("features: [acoustic]\nmodels: [ridge]", "at least one corpus"),
        (MINIMAL + "colour: red", "no option of a study is called 'colour'"),
        (MINIMAL + "protocol: random", "no protocol is called 'random'"),
        (MINIMAL + "labels: [sad]", "2 or more different labels"),
        (MINIMAL + "segment_s: 0", "segment_s above 0"),
        (MINIMAL + "segments_per_track: 3", "segment_s beside it"),
        (MINIMAL + "segment_s: 5\nsegments_per_track: 0", "1 or more"),
        (MINIMAL + "augment: {factors: 2}", "did you mean 'factor'"),
        (MINIMAL.replace("ridge", "rigde"), "did you mean 'ridge'"),
        (MINIMAL.replace("acoustic", "acoustics"), "did you mean 'acoustic'"),
        (MINIMAL.replace("made: 2", ""), "names 0 of folder, labels and made"),
        (MINIMAL.replace("made: 2", "made: 2, folder: x"), "names 2 of"),
        (MINIMAL.replace("name: toys, ", ""), "options of a corpus do not fit"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, text, said):
    with pytest.raises(OptionError, match=said):
        load_config(_config(tmp_path, text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_plan_as_editors_write_it_is_read(tmp_path, encoding):
    path = tmp_path / "study.yaml"
    path.write_bytes(MINIMAL.encode(encoding))
    assert load_config(path).models == ("ridge",)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(MissingFileError, match="does not exist"):
        load_config(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["debug", "full"])
def test_the_configs_that_come_with_the_project_are_valid(name):
    path = Path(__file__).parents[2] / "configs" / f"{name}.yaml"
    assert load_config(path).models
