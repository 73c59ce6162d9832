"""One process at work: the clock starts when it is ready, and its end is always explained."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from multiprocessing import connection
from typing import Any

import engine_jobs as jobs
import pytest

from moodprint.engine.limits import NO_LIMITS, Limits
from moodprint.engine.outcome import Outcome
from moodprint.engine.worker import Worker
from moodprint.errors import OptionError, TimeLimitError, WorkerCrashedError

Hire = Callable[..., Worker]


@pytest.fixture
def hire() -> Iterator[Hire]:
    """Start workers that are ended with the test."""
    hired: list[Worker] = []

    def start(function: Callable[[Any], Any], limits: Limits = NO_LIMITS) -> Worker:
        hired.append(Worker(function, limits))
        return hired[-1]

    yield start
    for worker in hired:
        if worker.alive:
            worker.end()


def _answer(worker: Worker) -> Outcome[Any, Any]:
    """What the worker says next beside that it is ready."""
    while True:
        assert connection.wait([worker.connection], 20.0), "it said nothing in 20 s"
        outcome = worker.take()
        if outcome is not None:
            return outcome


def test_it_answers_one_item_after_the_other(hire: Hire) -> None:
    worker = hire(jobs.square)
    for number in (2, 3):
        worker.give(number)
        assert _answer(worker) == Outcome(number, value=number**2)
    assert worker.alive
    assert worker.ready


def test_the_clock_starts_when_the_process_is_ready(hire: Hire) -> None:
    worker = hire(jobs.nap, limits=Limits(60.0))
    worker.give(30.0)
    assert worker.left_s is None, "it is still starting"
    assert connection.wait([worker.connection], 20.0)
    assert worker.take() is None, "it only said that it is ready"
    assert 0 < worker.left_s <= 60.0


def test_without_a_limit_nothing_is_ever_overdue(hire: Hire) -> None:
    worker = hire(jobs.square)
    worker.give(2)
    _answer(worker)
    assert worker.left_s is None


def test_given_up_it_says_which_limit_was_passed(hire: Hire) -> None:
    worker = hire(jobs.nap, limits=Limits(0.25))
    worker.give(60.0)
    outcome = worker.give_up()
    assert outcome.item == 60.0
    assert isinstance(outcome.error, TimeLimitError)
    assert "longer than 0.25 s" in str(outcome.error)
    assert not worker.alive


@pytest.mark.parametrize(
    ("function", "item", "cause"),
    [
        (jobs.die_of, signal.SIGSEGV, "killed (SIGSEGV)"),
        (jobs.die_of, signal.SIGKILL, "killed (SIGKILL, perhaps for want of memory)"),
        (jobs.leave, 1, "left (exit code 3)"),
    ],
)
def test_its_death_is_explained(hire: Hire, function, item, cause: str) -> None:
    worker = hire(function)
    worker.give(item)
    outcome = _answer(worker)
    assert outcome.item == item
    assert isinstance(outcome.error, WorkerCrashedError)
    assert cause in str(outcome.error)
    assert not worker.alive


def test_a_function_that_cannot_be_sent_is_refused_by_name() -> None:
    with pytest.raises(OptionError, match=r"lambda.* cannot be sent to another process"):
        Worker(lambda item: item)


def test_an_item_that_cannot_be_sent_leaves_it_alive(hire: Hire) -> None:
    worker = hire(jobs.square)
    with pytest.raises(Exception, match=r"pickle|local object"):
        worker.give(lambda: None)
    worker.give(3)
    assert _answer(worker).value == 9
