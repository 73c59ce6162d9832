"""The one call that all work takes: what it checks, and that it asks the engine it was given."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import engine_jobs as jobs
import pytest

from moodprint.engine import Engine, Limits, Outcome, run, run_one
from moodprint.errors import MemoryLimitError, OptionError, TimeLimitError, WorkerCrashedError


@dataclass
class Recorded:
    """An engine that works nowhere and remembers how it was asked."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def run(
        self,
        function: Callable[[Any], Any],
        items: Iterable[Any],
        *,
        workers: int | None,
        limits: Limits,
    ) -> Iterator[Outcome[Any, Any]]:
        self.asked.append({"workers": workers, "limits": limits})
        return (Outcome(item, value=function(item)) for item in items)


def test_the_engine_that_is_handed_down_does_the_work() -> None:
    engine = Recorded()
    found = run(jobs.square, [3], engine=engine, workers=7, limits=Limits(2.5))
    assert [outcome.value for outcome in found] == [9]
    assert engine.asked == [{"workers": 7, "limits": Limits(2.5)}]


def test_how_many_workers_is_the_engines_choice_unless_told() -> None:
    engine: Engine = Recorded()
    list(run(jobs.square, [1], engine=engine))
    assert engine.asked == [{"workers": None, "limits": Limits()}]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers is 1 or more, not 0"),
        ({"workers": -1}, "workers is 1 or more, not -1"),
    ],
)
def test_senseless_options_are_refused_at_the_call(options: dict, message: str) -> None:
    engine = Recorded()
    with pytest.raises(OptionError, match=message):
        run(jobs.square, [1], engine=engine, **options)
    assert engine.asked == [], "and no engine is bothered"


@pytest.mark.parametrize(
    ("function", "item", "error"),
    [
        (jobs.die_of, signal.SIGSEGV, WorkerCrashedError),
        (jobs.nap, 30.0, TimeLimitError),
        (jobs.fill, 1 << 30, MemoryLimitError),
    ],
)
def test_one_item_that_ends_its_process_is_named(function, item, error) -> None:
    limits = Limits(1.0, 256 * 1024**2)
    with pytest.raises(error, match=f"^{re.escape(str(item))}: "):
        run_one(function, item, limits=limits)


def test_the_one_item_has_a_process_of_its_own() -> None:
    assert run_one(jobs.process_id, "x", limits=Limits(30)) != os.getpid()
    with pytest.raises(ZeroDivisionError, match=r"^division by zero"):
        run_one(jobs.inverse, 0, limits=Limits(30))
