"""A Progress is a plain function of a stage and two counts."""

from __future__ import annotations

import inspect

from moodprint.engine import Progress, no_progress


def test_nobody_watching_is_a_progress_too() -> None:
    silent: Progress = no_progress
    assert silent("find songs", 1, 2) is None


def test_the_counts_are_named_for_whoever_reads_the_signature() -> None:
    assert list(inspect.signature(no_progress).parameters) == ["stage", "done", "total"]
