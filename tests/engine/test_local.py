"""The local engine: what is its own beside what every engine promises (see test_contract)."""

from __future__ import annotations

import os

import engine_jobs as jobs

from moodprint.engine import available_cores, run
from moodprint.engine.local import LocalEngine


def test_by_default_work_runs_here_with_a_process_a_core() -> None:
    found = run(jobs.nap_and_name, [0.2] * 3 * available_cores())
    processes = {outcome.unwrap() for outcome in found}
    assert len(processes) == available_cores()


def test_with_one_worker_nothing_is_sent_and_items_are_done_when_they_are_asked_for() -> None:
    done: list[int] = []
    found = LocalEngine().run(done.append, [1, 2], workers=1)
    assert done == []
    next(found)
    assert done == [1]


def test_engines_are_values() -> None:
    assert LocalEngine() == LocalEngine()


def test_one_worker_is_this_process_and_more_are_others() -> None:
    [alone] = run(jobs.process_id, [0], workers=1)
    beside = {outcome.value for outcome in run(jobs.process_id, range(20), workers=2)}
    assert alone.value == os.getpid()
    assert os.getpid() not in beside
    assert len(beside) <= 2, "processes are used again"
