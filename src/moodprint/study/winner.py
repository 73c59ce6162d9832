"""The winner of a study as a model bundle, for `moodprint analyze --model`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from moodprint.bundle import write_bundle
from moodprint.dataset.durations import announced_durations_s
from moodprint.dataset.provenance import data_hash, versions
from moodprint.dataset.samples import Sample
from moodprint.dataset.split_plan import UNGROUPED
from moodprint.evaluation import LeaderboardRow, credible_from, softmax
from moodprint.features.registry import feature_sets
from moodprint.models.classifiers.card import (
    LONGEST_SEGMENT_S,
    SHORTEST_SEGMENT_S,
    WEIGHTS,
    ClassifierCard,
)
from moodprint.outputs import AnyPath
from moodprint.study.learned_files import KEY, file_hashes
from moodprint.study.run import Study, winners_fold
from moodprint.study.trial import Trial, fitted_model
from moodprint.study.trial_runner import Pair

_PROBED = 50
"""Of how many samples the length is asked for: their median is that of all, near enough."""
_USUAL_S = 5.0
"""The length of a clip of a corpus, where none can be found out."""


def write_winner(study: Study, folder: AnyPath) -> None:
    """Write the bundle of the winner, fitted on all that the study may learn from.

    The hold-out stays out, so that its score is the score of this very model.

    Raises:
        MissingExtraError: skops is not installed.
    """
    pair = study.finalists[0]
    features, model = pair
    fold = winners_fold(study.plan, len(study.samples))
    trial = Trial(features, model, fold, study.config.tune, study.config.seed)
    kept = study.winner or fitted_model(trial, study.tables[features])
    card = {
        "name": f"{features}-{model}",
        "version": data_hash(study.samples)[:8],
        "kind": ClassifierCard.kind,
        "labels": list(study.config.labels),
        "licence": "that of what it learned from; the features' licences are below",
        "features": _features(study, features),
        "classifier": {
            "family": model,
            "settings": kept.settings,
            "learned": list(kept.learned),
        },
        "calibration": _calibration(study, pair),
        "training": {
            "corpora": [corpus.name for corpus in study.config.corpora],
            "data_hash": data_hash(study.samples),
            "samples": len(fold.fold.train),
            "protocol": study.config.protocol,
            "seed": study.config.seed,
            KEY: file_hashes(study.samples[row] for row in fold.fold.train.tolist()),
        },
        "metrics": {row.stage: row.card_metrics() for row in study.rows if _is_of(pair, row)},
        "versions": versions(),
    }
    write_bundle(folder, card, {WEIGHTS: kept.content})


def _features(study: Study, combination: str) -> dict[str, Any]:
    sets = feature_sets(combination, study.config.feature_options)
    return {
        "combination": combination,
        "options": {name: dict(each) for name, each in study.config.feature_options.items()},
        "columns": len(study.extracted.columns[combination]),
        "segment_s": _segment_s(study),
        "fingerprints": [each.fingerprint for each in sets],
        "licences": {each.name: each.licence for each in sets},
    }


def _segment_s(study: Study) -> float:
    """The length that the model is used to, as near to it as a card may say."""
    usual_s = study.config.segment_s or _typical_s(study.samples)
    return min(max(usual_s, SHORTEST_SEGMENT_S), LONGEST_SEGMENT_S)


def _typical_s(samples: Sequence[Sample]) -> float:
    """The median length of some samples."""
    excerpts = [sample.excerpt for sample in samples[:: max(1, len(samples) // _PROBED)]]
    durations_s = announced_durations_s(each.path for each in excerpts if not each.end_s)
    ends = [each.end_s or durations_s.get(each.path) for each in excerpts]
    lengths = [
        end - each.start_s for each, end in zip(excerpts, ends, strict=True) if end is not None
    ]
    return round(float(np.median(lengths)), 1) if lengths else _USUAL_S


def _calibration(study: Study, pair: Pair) -> dict[str, float]:
    """The temperature, and the confidence from which the held-out answers can be believed."""
    temperature = study.temperatures[pair]
    held_out = next(each.held_out for (_, owner), each in study.scores.items() if owner == pair)
    probabilities = softmax(held_out.scores, temperature)
    return {
        "temperature": temperature,
        "abstain_below": credible_from(held_out.truth, probabilities),
    }


def _is_of(pair: Pair, row: LeaderboardRow) -> bool:
    return (row.features, row.model) == pair and row.stage != UNGROUPED
