"""A dataset to fine-tune on, with the splits that a study of it has: same hold-out, same board."""

from __future__ import annotations

from dataclasses import dataclass

from moodprint.dataset.config import DatasetConfig
from moodprint.dataset.gather import Dataset, gather
from moodprint.dataset.split_plan import SplitPlan, StagedFold, split_plan
from moodprint.errors import OptionError
from moodprint.evaluation import Fold
from moodprint.fine_tuning.training_data import TrainingData
from moodprint.outputs import AnyPath


@dataclass(frozen=True)
class FineTuningTask:
    """A dataset and its guarded splits. ``fold`` is learned on, and its test side says when to
    stop; ``holdout`` is tested on once."""

    dataset: Dataset
    fold: Fold
    holdout: StagedFold

    @property
    def data(self) -> TrainingData:
        """The dataset's sounds and class numbers."""
        excerpts = [sample.excerpt for sample in self.dataset.samples]
        return TrainingData(excerpts, self.dataset.truth, self.dataset.labels)


def fine_tuning_task(config: DatasetConfig, out: AnyPath) -> FineTuningTask:
    """Gather a dataset and split it as a study does; toy songs go under ``out``.

    Raises:
        OptionError: a config without a hold-out; and all that ``gather`` and ``split_plan`` raise.
    """
    if config.protocol != "holdout":
        raise OptionError(f"fine-tuning takes the protocol holdout, not {config.protocol}")
    dataset = gather(config, out)
    plan: SplitPlan = split_plan(dataset, config)
    if plan.holdout is None:
        raise OptionError(f"fine-tuning takes a holdout_share above 0, not {config.holdout_share}")
    return FineTuningTask(dataset, plan.folds[0].fold, plan.holdout)
