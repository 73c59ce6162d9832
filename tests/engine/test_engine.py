"""The one call that all work takes: what it checks, and that it asks the engine it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import engine_jobs as jobs
import pytest

from moodprint.engine import Engine, Limits, Outcome, run
from moodprint.errors import OptionError


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
