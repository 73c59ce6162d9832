from dataclasses import replace
from pathlib import Path

import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus.manifest import Row, write
from moodprint.dataset.config import CorpusConfig, DatasetConfig
from moodprint.dataset.gather import gather
from moodprint.dataset.split_plan import split_plan
from moodprint.errors import OptionError
from moodprint.fine_tuning.task import fine_tuning_task

CONFIG = DatasetConfig(
    corpora=(CorpusConfig("toys", toy_songs=3),), labels=("sad", "calm"), folds=2
)


def test_the_splits_are_those_of_a_study_of_the_same_dataset(tmp_path):
    task = fine_tuning_task(CONFIG, tmp_path)
    plan = split_plan(gather(CONFIG, tmp_path), CONFIG)
    assert task.holdout.fold.test.tolist() == plan.holdout.fold.test.tolist()
    assert task.fold.test.tolist() == plan.folds[0].fold.test.tolist()
    assert not set(task.fold.train.tolist()) & set(task.holdout.fold.test.tolist())


def test_the_data_are_the_samples_in_their_order(tmp_path):
    task = fine_tuning_task(CONFIG, tmp_path)
    assert task.data.labels == ("sad", "calm")
    assert [task.data.labels[n] for n in task.data.truth] == [
        sample.label for sample in task.dataset.samples
    ]
    assert task.data.excerpts == [sample.excerpt for sample in task.dataset.samples]
    assert task.dataset.left_out == {"angry": 3, "fear": 3, "happy": 3}


def test_without_a_holdout_there_is_no_test(tmp_path):
    with pytest.raises(OptionError, match="protocol holdout, not leave-one-corpus-out"):
        fine_tuning_task(replace(CONFIG, protocol="leave-one-corpus-out"), tmp_path)
    with pytest.raises(OptionError, match="holdout_share above 0, not 0"):
        fine_tuning_task(replace(CONFIG, holdout_share=0), tmp_path)


def test_of_a_corpus_each_kept_clip_is_learned_from_or_tested_on(tmp_path):
    rows = [
        Row(f"clip {n}", f"song {n // 2}", "/x/mix.mp3", ("sad", "calm")[n // 2 % 2], 5.0 * n,
            5.0 * n + 5, f"song {n // 2}", "beef", "beef", keep=n != 7)
        for n in range(24)
    ]  # fmt: skip
    (tmp_path / "corpus").mkdir()
    write(tmp_path / "corpus", rows)
    config = replace(CONFIG, corpora=(CorpusConfig("c", folder=tmp_path / "corpus"),))
    task = fine_tuning_task(config, tmp_path)
    assert [each.id for each in task.dataset.samples] == [f"c/{r.id}" for r in rows if r.keep]
    assert task.data.excerpts[3] == Excerpt(Path("/x/mix.mp3"), 15.0, 20.0)
    sides = (*task.fold.train, *task.fold.test, *task.holdout.fold.test)
    assert sorted(sides) == list(range(23))
