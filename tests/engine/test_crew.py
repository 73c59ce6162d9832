"""Workers that stay from one call to the next."""

from __future__ import annotations

import os
import signal

import engine_jobs as jobs
import pytest
from processes import lives, wait_until

from moodprint.engine import Crew, Limits
from moodprint.engine.local import LocalEngine
from moodprint.errors import WorkerCrashedError

LIMITS = Limits(time_s=30)


def test_the_next_call_has_the_same_process() -> None:
    with Crew(jobs.process_id, workers=1, limits=LIMITS) as crew:
        first = crew(0)
        assert first != os.getpid()
        assert [outcome.unwrap() for outcome in crew.run([1, 2])] == [first, first]
        assert crew(3) == first


def test_outcomes_come_in_the_order_of_the_items_in_each_call() -> None:
    with Crew(jobs.square, workers=2) as crew:
        for items in ([3, 1, 2], [], range(40)):
            assert [outcome.unwrap() for outcome in crew.run(items)] == [n * n for n in items]


def test_processes_end_with_the_crew() -> None:
    with Crew(jobs.process_id, workers=2) as crew:
        processes = {outcome.unwrap() for outcome in crew.run(range(20))}
        assert all(lives(process) for process in processes)
    wait_until(lambda: not any(lives(process) for process in processes))
    crew.close()


def test_after_a_death_the_next_call_has_a_new_process() -> None:
    with Crew(jobs.die_of, workers=1, limits=LIMITS) as crew:
        with pytest.raises(WorkerCrashedError, match="SIGSEGV"):
            crew(signal.SIGSEGV)
        assert crew(0) == 0


def test_what_the_function_raises_is_raised_and_the_process_stays() -> None:
    with Crew(jobs.inverse, workers=1, limits=LIMITS) as crew:
        with pytest.raises(ZeroDivisionError):
            crew(0)
        assert crew(4) == 0.25


def test_a_call_that_is_given_up_leaves_nothing_to_the_next() -> None:
    with Crew(jobs.square, workers=2) as crew:
        outcomes = crew.run(range(100))
        next(outcomes)
        outcomes.close()
        assert [outcome.unwrap() for outcome in crew.run([7])] == [49]


def test_one_worker_without_limits_is_this_process() -> None:
    with Crew(jobs.process_id, workers=1) as crew:
        assert crew(0) == os.getpid()


def test_another_engine_is_asked_for_each_call() -> None:
    with Crew(jobs.square, engine=LocalEngine(), workers=2) as crew:
        assert [crew(2), crew(3)] == [4, 9]
