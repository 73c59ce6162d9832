from dataclasses import replace

import pytest

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
