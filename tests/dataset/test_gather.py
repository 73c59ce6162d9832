import numpy as np
import pytest
import soundfile

from moodprint.dataset.config import CorpusConfig, DatasetConfig
from moodprint.dataset.gather import gather
from moodprint.dataset.samples import groups_of
from moodprint.errors import CorpusError


def _corpus(folder, name, labels, group="artist"):
    """A CSV of one second of noise a label; equal numbers are equal files in every corpus."""
    folder.mkdir(exist_ok=True)
    lines = ["file,emotion,group"]
    for number, label in enumerate(labels):
        noise = np.random.default_rng(number).uniform(-0.5, 0.5, 8000)
        soundfile.write(folder / f"{name}-{number}.wav", noise, 8000)
        lines.append(f"{name}-{number}.wav,{label},{group} {number}")
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines))
    return CorpusConfig(name, labels=path)


def test_labels_are_taken_as_people_type_them(tmp_path):
    typed = ["Happy", "happy ", "HAPPY", "sad", "bored", " bored", ""]
    config = DatasetConfig(corpora=(_corpus(tmp_path, "one", typed),))
    found = gather(config, tmp_path)
    assert [each.label for each in found.samples] == ["happy", "happy", "happy", "sad"]
    assert found.truth.tolist() == [3, 3, 3, 4]
    assert found.left_out == {"bored": 2, "": 1}


def test_labels_are_spelled_as_the_config_does(tmp_path):
    corpus = _corpus(tmp_path, "one", ["q1", "Q2"])
    found = gather(DatasetConfig(corpora=(corpus,), labels=("Q2", "Q1")), tmp_path)
    assert [each.label for each in found.samples] == ["Q1", "Q2"]
    assert found.truth.tolist() == [1, 0]


def test_the_same_file_in_two_corpora_is_one_group(tmp_path):
    corpora = tuple(
        _corpus(tmp_path / name, name, ["sad", "calm"], group=name) for name in ("one", "two")
    )
    found = gather(DatasetConfig(corpora=corpora), tmp_path)
    assert groups_of(found.samples).tolist() == [0, 1, 0, 1]


def test_the_same_file_twice_in_a_list_is_one_group(tmp_path):
    corpus = _corpus(tmp_path, "one", ["sad", "calm"])
    with corpus.labels.open("a") as file:
        file.write("\n./one-0.wav,sad,somebody else\none-1.wav,calm,me")
    found = gather(DatasetConfig(corpora=(corpus,)), tmp_path)
    assert groups_of(found.samples).tolist() == [0, 1, 0, 1]


def test_segments_are_cut_after_duplicates_were_named(tmp_path):
    corpora = tuple(_corpus(tmp_path / name, name, ["sad"], group=name) for name in ("one", "two"))
    found = gather(DatasetConfig(corpora=corpora, segment_s=0.5), tmp_path)
    assert len(found.samples) == 4
    assert len({each.duplicate for each in found.samples}) == 1
    assert found.samples[0].duplicate


def test_labels_that_nobody_has_are_refused_with_those_that_they_have(tmp_path):
    config = DatasetConfig(corpora=(_corpus(tmp_path, "one", ["Q1", "Q1", ""]),))
    with pytest.raises(CorpusError, match=r"labels angry, .*: 3 samples .* 2 labelled 'Q1', 1 wi"):
        gather(config, tmp_path)
