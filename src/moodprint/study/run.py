"""A whole study: samples -> features -> trials -> leaderboard -> finalists -> winner."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.dataset.augmentation import augmented_copies
from moodprint.dataset.gather import Dataset, gather, truth_of
from moodprint.dataset.provenance import data_hash, versions
from moodprint.dataset.samples import Sample, groups_of, songs_of
from moodprint.dataset.split_plan import SplitPlan, StagedFold, split_plan, ungrouped_plan
from moodprint.engine import Progress, no_progress
from moodprint.errors import MissingExtraError, MoodprintError
from moodprint.evaluation import Fold, LeaderboardRow, fit_temperature, leaderboard_row, uar
from moodprint.features.cache import FeatureCache
from moodprint.files import write_atomically
from moodprint.models.classifiers.table import family
from moodprint.outputs import AnyPath
from moodprint.study.config import StudyConfig
from moodprint.study.extract import Extracted, extract
from moodprint.study.leaderboard import ranked, write_leaderboard
from moodprint.study.trial import FittedModel
from moodprint.study.trial_runner import Pair, StageScores, TrialRunner
from moodprint.study.trial_table import TrialTable

Scores = dict[tuple[str, Pair], StageScores]
"""By stage and pair."""


@dataclass(frozen=True)
class Study:
    """What came out.

    ``samples`` are those with features, copies included. ``finalists`` are the best combinations
    of features and model, the winner first; ``scores`` is what each row was computed from;
    ``winner`` is the first finalist, fitted on all that the study may learn from (the hold-out
    stays out); None where skops, by which it is kept, is not installed.
    ``skipped`` says by feature combination or model why it did not take part, ``left_out`` how
    many samples carry a label that did not.
    """

    config: StudyConfig
    samples: tuple[Sample, ...]
    extracted: Extracted
    tables: dict[str, TrialTable]
    plan: SplitPlan
    rows: tuple[LeaderboardRow, ...]
    finalists: tuple[Pair, ...]
    scores: Scores
    temperatures: dict[Pair, float]
    skipped: dict[str, str]
    left_out: Mapping[str, int]
    winner: FittedModel | None = None


def run_study(
    config: StudyConfig,
    out: AnyPath,
    *,
    cache: FeatureCache | None,
    workers: int | None = 1,
    ungrouped: bool = False,
    progress: Progress = no_progress,
) -> Study:
    """Run what is not yet done under ``out``; write ``leaderboard.csv`` and ``study.json`` there.

    ``ungrouped`` also runs the finalists on folds that tear groups apart, as rows of their own.

    Raises:
        CorpusError: no sample carries one of the labels. LeakError: a split would leak.
        MissingExtraError: no model can be run here. MoodprintError: no feature set can be had
            here, or every trial failed.
    """
    _check_models(config.models)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    dataset = gather(config, out)
    samples, plan = _with_copies(dataset, config, out, workers, progress)
    extracted = extract(config, samples, cache, workers, progress)
    samples = [each for each, use in zip(samples, extracted.usable, strict=True) if use]
    plan, tables = plan.restricted(extracted.usable), _tables(samples, extracted, config.labels)
    songs = songs_of(samples)
    with TrialRunner(config, tables, songs, out, workers, progress=progress) as runner:
        scores, temperatures = _compared(runner, plan, config, ungrouped)
        winner = _winner(runner, next(iter(temperatures)), winners_fold(plan, len(samples)))
    study = Study(
        config=config,
        samples=tuple(samples),
        extracted=extracted,
        tables=tables,
        plan=plan,
        rows=_rows(scores, temperatures),
        finalists=tuple(temperatures),
        scores=scores,
        temperatures=temperatures,
        skipped={**extracted.skipped, **runner.failed},
        left_out=dataset.left_out,
        winner=winner,
    )
    write_leaderboard(out / "leaderboard.csv", study.rows)
    write_atomically(out / "study.json", _record(study))
    return study


def _compared(
    runner: TrialRunner, plan: SplitPlan, config: StudyConfig, ungrouped: bool
) -> tuple[Scores, dict[Pair, float]]:
    """All scores, and the temperatures of the finalists, the best first."""
    scores = runner.scores(plan.folds, [(f, m) for f in runner.tables for m in config.models])
    finalists = _best(scores, runner.failed)[: config.finalists]
    temperatures = {pair: _temperature(scores, pair) for pair in finalists}
    if plan.holdout:
        scores |= runner.scores([plan.holdout], finalists)
    if ungrouped:
        truth = next(iter(runner.tables.values())).truth
        scores |= runner.scores(ungrouped_plan(truth, plan, config.seed).folds, finalists)
    return scores, temperatures


def winners_fold(plan: SplitPlan, samples: int) -> StagedFold:
    """What a winner is fitted on: the learning side of the hold-out, or all of so many samples."""
    rows = np.arange(samples)
    return plan.holdout or StagedFold("all", 0, Fold(rows, rows[:0]))


def _winner(runner: TrialRunner, pair: Pair, fold: StagedFold) -> FittedModel | None:
    try:
        return runner.model(pair, fold)
    except MissingExtraError:
        return None


def _check_models(models: Sequence[str]) -> None:
    """Raises what the first model lacks, where none can be run here."""
    missing = []
    for model in models:
        try:
            family(model).check()
        except MissingExtraError as error:
            missing.append(error)
    if len(missing) == len(models):
        raise missing[0]


def _with_copies(
    dataset: Dataset, config: StudyConfig, out: Path, workers: int | None, progress: Progress
) -> tuple[list[Sample], SplitPlan]:
    """The samples with copies of all that is learned from, and the splits, planned once."""
    plan = split_plan(dataset, config)
    learned = [dataset.samples[row] for row in plan.learned_from.tolist()]
    copies = augmented_copies(
        [each for each in learned if not each.synthetic],
        config.augment,
        out / "augmented",
        seed=config.seed,
        workers=workers,
        progress=progress,
    )
    samples = [*dataset.samples, *copies]
    return samples, plan.with_copies(samples)


def _tables(
    samples: Sequence[Sample], extracted: Extracted, labels: Sequence[str]
) -> dict[str, TrialTable]:
    truth, groups = truth_of(samples, labels), groups_of(samples)
    return {
        name: TrialTable(values, truth, groups, len(labels))
        for name, values in extracted.values.items()
    }


def _best(scores: Scores, failed: Mapping[str, str]) -> list[Pair]:
    """The pairs by mean UAR over the stages that choose, the best first."""
    found: dict[Pair, list[float]] = {}
    for (_, pair), each in scores.items():
        found.setdefault(pair, []).append(uar(each.held_out.truth, each.held_out.predicted))
    if not found:
        reasons = "; ".join(f"{name}: {why}" for name, why in failed.items())
        raise MoodprintError(f"no model could be fitted on these samples ({reasons})")
    return sorted(found, key=lambda pair: -float(np.mean(found[pair])))


def _temperature(scores: Scores, pair: Pair) -> float:
    """Fitted on the pair's held-out scores of all stages that choose."""
    parts = [each.held_out for (_, owner), each in scores.items() if owner == pair]
    truth = np.concatenate([part.truth for part in parts])
    return fit_temperature(truth, np.concatenate([part.scores for part in parts]))


def _rows(scores: Scores, temperatures: Mapping[Pair, float]) -> tuple[LeaderboardRow, ...]:
    rows = [
        leaderboard_row(
            *pair,
            stage,
            each.held_out,
            temperature=temperatures.get(pair),
            seconds=each.seconds,
        )
        for (stage, pair), each in scores.items()
    ]
    return tuple(ranked(rows))


def _record(study: Study) -> str:
    record = {
        "config": study.config.to_dict(),
        "data_hash": data_hash(study.samples),
        "samples": len(study.samples),
        "groups": len(np.unique(groups_of(study.samples))),
        "left_out": study.left_out,
        "versions": versions(),
        "skipped": study.skipped,
        "problems": study.extracted.problems,
        "finalists": [list(pair) for pair in study.finalists],
        "kinds": {name: family(name).kind for name in study.config.models},
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"
