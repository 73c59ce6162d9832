"""Steps run where the engine says, and are watched."""

from moodprint.corpus.step_runner import StepRunner
from moodprint.engine import Limits, Outcome


class Recorder:
    """An engine that does nothing but note how it was called."""

    def __init__(self):
        self.calls = []

    def run(self, function, items, *, workers, limits):
        self.calls.append((workers, limits))
        return (Outcome(item, value=function(item)) for item in items)


def test_outcomes_come_in_order_and_progress_counts_them(tmp_path):
    steps = []
    runner = StepRunner(tmp_path, workers=1, progress=lambda *step: steps.append(step))
    outcomes = runner.each("double", lambda number: 2 * number, [1, 2, 3])
    assert [outcome.unwrap() for outcome in outcomes] == [2, 4, 6]
    assert steps == [("double", done, 3) for done in (1, 2, 3)]


def test_an_item_fails_alone(tmp_path):
    first, second, third = StepRunner(tmp_path, workers=1).each("halve", (6).__truediv__, [2, 0, 3])
    assert (first.value, third.value) == (3.0, 2.0)
    assert isinstance(second.error, ZeroDivisionError)


def test_the_engine_gets_workers_and_limits(tmp_path):
    engine, limits = Recorder(), Limits(time_s=9.0)
    runner = StepRunner(tmp_path, workers=3, engine=engine)
    list(runner.each("a", str, [1], limits))
    list(runner.each("b", str, [1]))
    assert engine.calls == [(3, limits), (3, Limits())]
