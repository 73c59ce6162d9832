"""The winner of a study as a model bundle: what `moodprint analyze --model` hears with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.media import probe
from moodprint.bundle import write_bundle
from moodprint.dataset.samples import Sample
from moodprint.dataset.split_plan import Split
from moodprint.errors import InputError
from moodprint.evaluation import Fold, softmax
from moodprint.evaluation.validate import Float64Array
from moodprint.features.registry import feature_sets
from moodprint.models.classifiers.card import (
    LONGEST_SEGMENT_S,
    SHORTEST_SEGMENT_S,
    WEIGHTS,
    ClassifierCard,
)
from moodprint.models.classifiers.skops_file import dumped
from moodprint.study.leaderboard import Judged, Row
from moodprint.study.run import Study, data_hash, versions
from moodprint.study.trial import Cell, fitted
from moodprint.study.trial_runner import Pair

_FEWEST = 20
_PROBED = 50


def write_winner(study: Study, folder: Path) -> None:
    """Fit the winner once more on all that the study may learn from, and write its bundle.

    The hold-out stays out, so that its score is the score of this very model.
    """
    pair = study.finalists[0]
    features, model = pair
    split = study.plan.holdout or _everything(study)
    cell = Cell(features, model, split, study.config.tune, study.config.seed)
    classifier, settings = fitted(cell, study.tables[features])
    heat = study.temperatures[pair]
    card = {
        "name": f"{features}-{model}",
        "version": data_hash(study.extracted.samples)[:8],
        "kind": ClassifierCard.kind,
        "labels": list(study.config.labels),
        "licence": "that of what it learned from; the features' licences are below",
        "features": _features(study, features),
        "classifier": {
            "family": model,
            "settings": settings,
            "learned": list(classifier.learned),
        },
        "calibration": {"temperature": heat, "abstain_below": _credible_from(study, pair)},
        "training": {
            "corpora": [corpus.name for corpus in study.config.corpora],
            "data_hash": data_hash(study.extracted.samples),
            "samples": len(split.fold.train),
            "protocol": study.config.protocol,
            "seed": study.config.seed,
        },
        "metrics": {row.stage: metrics_of(row) for row in study.rows if _is(row, pair)},
        "versions": versions(),
    }
    write_bundle(folder, card, {WEIGHTS: dumped(classifier)})


def _everything(study: Study) -> Split:
    rows = np.arange(len(study.extracted.samples))
    return Split("all", 0, Fold(rows, rows[:0]))


def _features(study: Study, combination: str) -> dict[str, Any]:
    sets = feature_sets(combination, study.config.feature_options)
    return {
        "combination": combination,
        "options": {name: dict(each) for name, each in study.config.feature_options.items()},
        "columns": len(study.extracted.columns[combination]),
        "segment_s": study.config.segment_s or _typical_s(study.extracted.samples),
        "fingerprints": [each.fingerprint for each in sets],
        "licences": {each.name: each.licence for each in sets},
    }


def _typical_s(samples: Sequence[Sample]) -> float:
    """The median length of some samples: what the model is used to hear at once."""
    lengths = []
    for sample in samples[:: max(1, len(samples) // _PROBED)]:
        excerpt = sample.excerpt
        try:
            end = excerpt.end_s or probe(excerpt.path).duration_s
        except InputError:
            continue
        lengths += [end - excerpt.start_s] if end else []
    typical_s = round(float(np.median(lengths)), 1) if lengths else 5.0
    return min(max(typical_s, SHORTEST_SEGMENT_S), LONGEST_SEGMENT_S)


def _credible_from(study: Study, pair: Pair) -> float:
    """The confidence under which fewer than half of the held-out answers were right."""
    judged = next(each.judged for (_, who), each in study.outcomes.items() if who == pair)
    return credible_from(judged, study.temperatures[pair])


def credible_from(judged: Judged, temperature: float) -> float:
    """The highest confidence below which fewer than half of the answers are right; 0 for none."""
    chances: Float64Array = softmax(judged.scores, temperature).max(axis=1)
    order = np.argsort(chances, kind="stable")
    right = (judged.predicted == judged.truth)[order]
    share = np.cumsum(right) / np.arange(1, len(right) + 1)
    poor = np.flatnonzero(share[_FEWEST - 1 :] < 0.5)
    return float(chances[order][poor[-1] + _FEWEST - 1]) if len(poor) else 0.0


def metrics_of(row: Row) -> dict[str, Any]:
    """What a card tells of a row."""
    return {
        "uar": [row.uar, row.uar_low, row.uar_high],
        "macro_f1": [row.macro_f1, row.macro_f1_low, row.macro_f1_high],
        "weighted_f1": row.weighted_f1,
        "song_uar": row.song_uar,
        "calibration_error": row.calibration_error,
        "samples": row.samples,
        "groups": row.groups,
    }


def _is(row: Row, pair: Pair) -> bool:
    return (row.features, row.model) == pair and row.stage != "ungrouped"
