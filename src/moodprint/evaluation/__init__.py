"""Honest scores: metrics, calibration, group splits, the guard against leaks, intervals."""

from moodprint.evaluation.bootstrap import Interval, group_bootstrap
from moodprint.evaluation.calibration import (
    ReliabilityBins,
    RiskCoverage,
    brier,
    credible_from,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from moodprint.evaluation.groups import joined_groups, unions
from moodprint.evaluation.held_out import HeldOutScores, LeaderboardRow, leaderboard_row
from moodprint.evaluation.leaks import Lineage, refuse_leaks
from moodprint.evaluation.metrics import (
    accuracy,
    ccc,
    confusion_matrix,
    macro_f1,
    per_class_f1,
    per_class_recall,
    spearman,
    uar,
    weighted_f1,
)
from moodprint.evaluation.probabilities import fit_temperature, log_softmax, softmax
from moodprint.evaluation.splits import (
    Fold,
    group_holdout,
    leave_one_corpus_out,
    stratified_group_folds,
)

__all__ = [
    "Fold",
    "HeldOutScores",
    "Interval",
    "LeaderboardRow",
    "Lineage",
    "ReliabilityBins",
    "RiskCoverage",
    "accuracy",
    "brier",
    "ccc",
    "confusion_matrix",
    "credible_from",
    "expected_calibration_error",
    "fit_temperature",
    "group_bootstrap",
    "group_holdout",
    "joined_groups",
    "leaderboard_row",
    "leave_one_corpus_out",
    "log_softmax",
    "macro_f1",
    "per_class_f1",
    "per_class_recall",
    "refuse_leaks",
    "reliability",
    "risk_coverage",
    "softmax",
    "spearman",
    "stratified_group_folds",
    "uar",
    "unions",
    "weighted_f1",
]
