from dataclasses import replace
from pathlib import Path

import pytest

from moodprint.dataset.config import (
    AugmentConfig,
    CorpusConfig,
    DatasetConfig,
    config_from,
    corpus_config,
)
from moodprint.errors import OptionError

TOYS = CorpusConfig("toys", toy_songs=1)


def test_a_dataset_has_the_five_emotions_and_a_holdout_by_default():
    config = DatasetConfig(corpora=(TOYS,))
    assert config.labels == ("angry", "calm", "fear", "happy", "sad")
    assert (config.protocol, config.holdout_share, config.folds) == ("holdout", 0.2, 5)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"corpora": ()}, "no corpus is named"),
        ({"corpora": (TOYS, TOYS)}, "names of their own, not toys, toys"),
        ({"protocol": "random"}, "no protocol is called 'random'"),
        ({"labels": ("sad",)}, r"2 or more different ones, not \['sad'\]"),
        ({"labels": ("sad", "Sad ")}, r"2 or more different ones, not \['sad', 'Sad '\]"),
        ({"holdout_share": 1.0}, r"at least 0 and below 1, not 1\.0"),
        ({"holdout_share": -0.1}, r"at least 0 and below 1, not -0\.1"),
        ({"folds": 1}, "folds are 2 or more, not 1"),
        ({"segment_s": 0}, "segment_s is above 0, not 0"),
        ({"segment_s": float("nan")}, "segment_s is above 0, not nan"),
        ({"segments_per_track": 3}, "segments_per_track: 3 takes a segment_s beside it"),
        ({"segment_s": 5, "segments_per_track": 0}, "segments_per_track is 1 or more, not 0"),
    ],
)
def test_each_rule_has_a_message_of_its_own_with_the_value(options, said):
    with pytest.raises(OptionError, match=said):
        DatasetConfig(**{"corpora": (TOYS,), **options})


def test_a_corpus_has_exactly_one_place():
    with pytest.raises(OptionError, match="'x' names 0 of folder, labels and toy_songs"):
        CorpusConfig("x")
    with pytest.raises(OptionError, match="names 2 of"):
        CorpusConfig("x", folder=Path("a"), toy_songs=1)
    with pytest.raises(OptionError, match="asks for -2 toy songs"):
        CorpusConfig("x", toy_songs=-2)


def test_no_fewer_copies_than_none():
    assert AugmentConfig().factor == 0
    with pytest.raises(OptionError, match="not -1"):
        AugmentConfig(-1)


def test_paths_of_a_corpus_are_meant_from_the_file_that_names_them():
    found = corpus_config({"name": "q", "labels": "data/labels.csv"}, Path("/plans"))
    assert found.labels == Path("/plans/data/labels.csv")
    assert corpus_config({"name": "q", "folder": "/c"}, Path("/plans")).folder == Path("/c")


def test_toy_songs_are_still_found_under_their_old_name():
    assert corpus_config({"name": "toys", "made": 3}, Path()) == replace(TOYS, toy_songs=3)


def test_a_corpus_without_a_name_is_called_as_its_folder(tmp_path):
    (tmp_path / "songs").mkdir()
    labels = tmp_path / "songs" / "labels.csv"
    labels.write_text("file,emotion\n")
    assert corpus_config({"folder": "songs"}, tmp_path).name == "songs"
    assert corpus_config({"labels": "songs/labels.csv"}, tmp_path).name == "songs"
    assert corpus_config({"toy_songs": 1}, tmp_path) == TOYS
    assert corpus_config({"name": 2024, "toy_songs": 1}, tmp_path).name == "2024"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("songs/", "a corpus is a mapping of options, not 'songs/'"),
        ({"name": "x", "toy_songs": 1, "groups": "y"}, "did you mean 'group'"),
        ({"name": "x", "toy_songs": "many"}, "toy_songs is a whole number, not 'many'"),
        ({"name": "x", "toy_songs": True}, "toy_songs is a whole number, not True"),
        ({"name": "x", "toy_songs": 1.5}, "toy_songs is a whole number, not 1.5"),
        ({"name": ["x"], "toy_songs": 1}, r"name is a word, not \['x'\]"),
        ({}, "the corpus 'toys' names 0 of folder, labels and toy_songs"),
    ],
)
def test_a_corpus_that_cannot_be_meant_is_refused(options, said):
    with pytest.raises(OptionError, match=said):
        corpus_config(options, Path())


def test_words_are_a_tuple_whether_one_or_a_list_or_no_words():
    dataset = {"corpora": [TOYS]}
    for labels, expected in (
        (["a", "b"], ("a", "b")),
        ([1, 2], ("1", "2")),
        ([True, False], ("True", "False")),
    ):
        assert (
            config_from(DatasetConfig, "dataset", {**dataset, "labels": labels}).labels == expected
        )
    augment = config_from(AugmentConfig, "augment", {"factor": 1, "transforms": "noise"})
    assert augment.transforms == ("noise",)


def test_a_config_as_json_keeps_names_and_paths_as_text():
    config = DatasetConfig(corpora=(CorpusConfig("c", folder=Path("/c")),), segment_s=5)
    plain = config.to_dict()
    assert plain["corpora"][0]["folder"] == "/c"
    assert plain["labels"] == ["angry", "calm", "fear", "happy", "sad"]
    assert plain["segment_s"] == 5


def test_an_emotion_study_takes_no_positions_that_could_be_mixed_up():
    with pytest.raises(TypeError):
        DatasetConfig((TOYS,), ("sad", "calm"))


@pytest.mark.parametrize(
    "options",
    [
        {"segment_s": 2.5, "segments_per_track": 1},
        {"holdout_share": 0.0},
        {"holdout_share": 0.999, "folds": 2},
        {"protocol": "leave-one-corpus-out"},
        {"labels": ("Q1", "Q2")},
    ],
)
def test_what_stands_at_the_edge_of_a_rule_is_taken(options):
    config = DatasetConfig(corpora=(TOYS,), **options)
    assert {name: getattr(config, name) for name in options} == options
