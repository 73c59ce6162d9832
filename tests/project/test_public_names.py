"""What each package promises: these names, which import, and no other."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import pytest

import moodprint

PROMISED = {
    "moodprint": """
        EMOTIONS Emotion MoodprintError Prediction Presence Segment Timeline analyze
    """,
    "moodprint.bundle": """
        CARD Bundle BundleKind Calibration Card DEFAULT DEFAULT_GENERATOR DEFAULT_MUSIC_GENERATOR
        HEARING KINDS KindEntry ReliabilityBand open_bundle shipped_bundles write_bundle
    """,
    "moodprint.engine": """
        Crew Engine Limits Outcome Progress available_cores file_limits hearing no_progress
        progress_within run run_one tell telling unheard
    """,
    "moodprint.evaluation": """
        Fold HeldOutScores Interval LeaderboardRow Lineage ReliabilityBins RiskCoverage accuracy
        brier ccc confusion_matrix credible_from expected_calibration_error fit_temperature
        group_bootstrap group_holdout joined_groups leaderboard_row leave_one_corpus_out
        log_softmax macro_f1 per_class_f1 per_class_recall refuse_leaks reliability
        risk_coverage softmax spearman stratified_group_folds uar unions weighted_f1
    """,
    "moodprint.fingerprint": """
        AddReport DuplicateGroup FileComparison IndexedTrack Match MatchIndex QueryAnswer
        SharedMusic compare_files duplicate_groups groups_of query_files shared_music tracks_in
    """,
    "moodprint.generation.note_generator": """
        Generator GeneratorCard load_generator melspecgram_from_waveform waveform_from_melspecgram
    """,
    "moodprint.generation.gansynth": """
        Generator GeneratorCard load_generator melspecgram_from_waveform waveform_from_melspecgram
    """,
    "moodprint.corpus.sources": "Fetched Item Source",
    "moodprint.reports.exports": """
        FORMATS Exporter FileFormat ListFormat exporter exporter_for read_json render write
    """,
    "moodprint.reports.html": "summarise_card render_report write_report",
}
"""By package, what its ``__init__`` names. A package that is not here promises nothing itself:
its modules are what others import. To change a line is to change what users may rely on."""


def _packages() -> list[str]:
    inner = pkgutil.walk_packages(moodprint.__path__, "moodprint.")
    return ["moodprint", *(module.name for module in inner if module.ispkg)]


def _own_names(package: ModuleType) -> set[str]:
    """What the package's namespace holds beside its modules."""
    return {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and name != "annotations" and not isinstance(value, ModuleType)
    }


@pytest.mark.parametrize("name", _packages())
def test_a_package_promises_what_is_written_here(name: str) -> None:
    package = importlib.import_module(name)
    promised = PROMISED.get(name, "").split()
    assert sorted(getattr(package, "__all__", ())) == sorted(promised)


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_name_is_there(name: str) -> None:
    package = importlib.import_module(name)
    for promised in PROMISED[name].split():
        assert getattr(package, promised) is not None


@pytest.mark.parametrize("name", [name for name in _packages() if name not in PROMISED])
def test_a_package_without_a_promise_holds_modules_only(name: str) -> None:
    assert _own_names(importlib.import_module(name)) == set()


def test_promises_are_of_packages_that_are_there() -> None:
    for name in PROMISED:
        assert importlib.util.find_spec(name), name
