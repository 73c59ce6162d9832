"""A whole study: samples -> features -> cells -> leaderboard -> finalists -> winner."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from moodprint.dataset.augmentation import with_copies
from moodprint.dataset.samples import Sample, groups_of, read_corpus, segmented, with_equal_files
from moodprint.dataset.split_plan import Plan, careless, plan
from moodprint.engine import Progress, no_progress
from moodprint.errors import CorpusError
from moodprint.evaluation import fit_temperature, uar
from moodprint.evaluation.validate import IntArray
from moodprint.features.cache import FeatureCache
from moodprint.files import write_atomically
from moodprint.models.classifiers.table import family
from moodprint.study.config import StudyConfig
from moodprint.study.extract import Extracted, extract
from moodprint.study.leaderboard import Judged, Row, judge, ranked, write_leaderboard
from moodprint.study.trial import Table
from moodprint.study.trial_runner import Bench, Outcome, Pair

_PACKAGES = ("moodprint", "numpy", "scipy", "scikit-learn", "xgboost-cpu", "torch", "opensmile")


@dataclass(frozen=True)
class Study:
    """What came out.

    ``finalists`` are the best combinations of features and model, the winner first; ``outcomes``
    the scores behind each row by stage and pair; ``skipped`` tells by feature combination or model
    why it did not take part.
    """

    config: StudyConfig
    extracted: Extracted
    tables: dict[str, Table]
    plan: Plan
    rows: tuple[Row, ...]
    finalists: tuple[Pair, ...]
    outcomes: dict[tuple[str, Pair], Outcome]
    temperatures: dict[Pair, float]
    skipped: dict[str, str]


def run_study(
    config: StudyConfig,
    out: Path,
    *,
    cache: FeatureCache,
    workers: int = 1,
    ungrouped: bool = False,
    progress: Progress = no_progress,
) -> Study:
    """Run what is not yet done under ``out``; write ``leaderboard.csv`` and ``study.json`` there.

    ``ungrouped`` also runs the finalists on folds that tear groups apart, as rows of their own.

    Raises:
        CorpusError: no sample carries one of the labels. LeakError: a split would leak.
        MoodprintError: no feature set can be had here.
    """
    out.mkdir(parents=True, exist_ok=True)
    samples = with_copies(gather(config, out), config, out / "augmented", workers, progress)
    extracted = extract(config, samples, cache, workers, progress)
    labels = np.array([config.labels.index(each.label) for each in extracted.samples])
    groups = groups_of(extracted.samples)
    tables = {
        name: Table(values, labels, groups, len(config.labels))
        for name, values in extracted.values.items()
    }
    honest = plan(extracted.samples, labels, config)
    bench = Bench(config, tables, _songs(extracted.samples), out / "cells", workers, progress)
    outcomes = bench.judge(honest.splits, [(f, m) for f in tables for m in config.models])
    finalists = _best(outcomes)[: config.finalists]
    temperatures = {pair: _temperature(outcomes, pair) for pair in finalists}
    if honest.holdout:
        outcomes |= bench.judge([honest.holdout], finalists)
    if ungrouped:
        torn = careless(labels, honest, config.seed)
        outcomes |= bench.judge(torn.splits, finalists)
    rows = [
        judge(*pair, stage, each.judged, temperature=temperatures.get(pair), seconds=each.seconds)
        for (stage, pair), each in outcomes.items()
    ]
    study = Study(
        *(config, extracted, tables, honest, tuple(ranked(rows)), tuple(finalists), outcomes),
        temperatures=temperatures,
        skipped={**extracted.skipped, **bench.failed},
    )
    write_leaderboard(out / "leaderboard.csv", rows)
    _write_record(out / "study.json", study)
    return study


def gather(config: StudyConfig, out: Path) -> list[Sample]:
    """The samples of all corpora that carry one of the study's labels, cut into segments."""
    samples = [each for corpus in config.corpora for each in read_corpus(corpus, out / "made")]
    samples = [each for each in samples if each.label in config.labels]
    if not samples:
        raise CorpusError(f"no sample carries one of the labels {', '.join(config.labels)}")
    samples = with_equal_files(samples)
    if config.segment_s is None:
        return samples
    return segmented(samples, config.segment_s, config.segments_per_track)


def _songs(samples: Iterable[Sample]) -> IntArray:
    return np.unique([sample.song for sample in samples], return_inverse=True)[1]


def _best(outcomes: dict[tuple[str, Pair], Outcome]) -> list[Pair]:
    """The pairs by mean UAR over the stages that choose, the best first."""
    scores: dict[Pair, list[float]] = {}
    for (_, pair), each in outcomes.items():
        scores.setdefault(pair, []).append(uar(each.judged.truth, each.judged.predicted))
    return sorted(scores, key=lambda pair: -float(np.mean(scores[pair])))


def _temperature(outcomes: dict[tuple[str, Pair], Outcome], pair: Pair) -> float:
    """Fitted on the pair's held-out scores of all stages that choose."""
    judged: Sequence[Judged] = [e.judged for (_, who), e in outcomes.items() if who == pair]
    truth, scores = (
        np.concatenate(part) for part in zip(*((j.truth, j.scores) for j in judged), strict=True)
    )
    return fit_temperature(truth, scores)


def data_hash(samples: Iterable[Sample]) -> str:
    """A hash of which samples there were, with their labels and groups."""
    told = [(each.id, each.label, each.group, each.origin) for each in samples]
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()


def versions() -> dict[str, str]:
    """Of Python and of the packages that have a say, where they are installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _write_record(path: Path, study: Study) -> None:
    samples = study.extracted.samples
    record = {
        "config": study.config.to_dict(),
        "data_hash": data_hash(samples),
        "samples": len(samples),
        "groups": len(np.unique(groups_of(samples))),
        "versions": versions(),
        "skipped": study.skipped,
        "problems": study.extracted.problems,
        "finalists": [list(pair) for pair in study.finalists],
        "kinds": {name: family(name).kind for name in study.config.models},
    }
    write_atomically(path, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
