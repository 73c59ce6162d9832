"""What every engine promises: order, streaming, and that one that dies or hangs fails alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import engine_jobs as jobs
import pytest
from processes import lives, wait_until

from moodprint.engine import Engine, Limits, run
from moodprint.errors import (
    MissingExtraError,
    OptionError,
    TimeLimitError,
    WorkerCrashedError,
)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_outcomes_come_in_the_order_of_the_items(engine: Engine, workers: int) -> None:
    outcomes = list(run(jobs.square, range(100), engine=engine, workers=workers))
    assert [outcome.item for outcome in outcomes] == list(range(100))
    assert [outcome.unwrap() for outcome in outcomes] == [n * n for n in range(100)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_fails_its_item_only(engine: Engine, workers: int) -> None:
    outcomes = list(run(jobs.inverse, [4, 0, 2], engine=engine, workers=workers))
    assert [outcome.value for outcome in outcomes] == [0.25, None, 0.5]
    with pytest.raises(ZeroDivisionError):
        outcomes[1].unwrap()


def test_an_error_brings_the_traceback_of_the_other_process(engine: Engine) -> None:
    [outcome] = run(jobs.inverse, [0], engine=engine, workers=2)
    assert any("return 1 / number" in note for note in outcome.error.__notes__)


def test_no_items_give_no_outcome(engine: Engine) -> None:
    assert list(run(jobs.square, [], engine=engine, workers=2)) == []


def test_a_worker_computes_on_one_thread(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    [outcome] = run(jobs.blas_threads, [0], engine=engine, workers=2)
    assert outcome.value == "1"


def test_short_items_run_beside_a_long_one(engine: Engine) -> None:
    items = [1.5, *[0.05] * 10]
    outcomes = list(run(jobs.timed_nap, items, engine=engine, workers=2))
    assert [outcome.item for outcome in outcomes] == items
    (_, long_ended_s), *short = [outcome.unwrap() for outcome in outcomes]
    assert sum(began_s < long_ended_s for began_s, _ in short) >= 5, "they do not wait for it"


def test_items_are_pulled_as_they_are_needed(engine: Engine) -> None:
    pulled = []

    def endless():
        while True:
            pulled.append(len(pulled))
            yield len(pulled)

    outcomes = run(jobs.square, endless(), engine=engine, workers=2)
    for _ in range(100):
        next(outcomes)
    assert len(pulled) < 100 + 2 * 16 + 2
    outcomes.close()


@pytest.mark.parametrize("death", [signal.SIGSEGV, signal.SIGKILL])
def test_a_worker_that_dies_fails_only_its_item(engine: Engine, death: signal.Signals) -> None:
    items = [0, 0, death, 0, 0, death, 0]
    outcomes = list(run(jobs.die_of, items, engine=engine, workers=2))
    assert [outcome.item for outcome in outcomes] == items
    for outcome in outcomes:
        if outcome.item:
            assert isinstance(outcome.error, WorkerCrashedError)
            assert death.name in str(outcome.error)
        else:
            assert outcome.error is None


def test_a_worker_that_leaves_fails_only_its_item(engine: Engine) -> None:
    outcomes = list(run(jobs.leave, [1, 2], engine=engine, workers=2))
    assert all("exit code 3" in str(outcome.error) for outcome in outcomes)


def test_an_item_that_hangs_is_ended_and_the_rest_go_on(engine: Engine) -> None:
    began_s = time.monotonic()
    outcomes = list(
        run(jobs.nap, [0.0, 60.0, 0.0, 0.01], engine=engine, workers=2, limits=Limits(0.5))
    )
    assert [outcome.value for outcome in outcomes] == [0.0, None, 0.0, 0.01]
    assert isinstance(outcomes[1].error, TimeLimitError)
    assert "0.5 s" in str(outcomes[1].error)
    assert time.monotonic() - began_s < 20


def test_the_start_of_a_process_does_not_count_against_the_limit(engine: Engine) -> None:
    outcomes = list(run(jobs.square, [1, 2], engine=engine, workers=2, limits=Limits(0.02)))
    assert [outcome.error for outcome in outcomes] == [None, None]


def test_our_errors_come_back_whole(engine: Engine) -> None:
    [outcome] = run(jobs.lack_a_package, ["torch"], engine=engine, workers=2)
    assert isinstance(outcome.error, MissingExtraError)
    assert (outcome.error.package, outcome.error.extra) == ("torch", "deep")
    assert str(outcome.error) == str(MissingExtraError("torch", "deep"))


def test_a_value_that_cannot_be_sent_back_is_an_error(engine: Engine) -> None:
    outcomes = list(run(jobs.a_lambda, [1, 2, 3], engine=engine, workers=2))
    assert all("cannot be sent back" in str(outcome.error) for outcome in outcomes)


def test_an_item_that_cannot_be_sent_is_an_error(engine: Engine) -> None:
    first, second = run(jobs.process_id, [lambda: None, 1], engine=engine, workers=2)
    assert first.error is not None
    assert second.error is None


def test_a_function_that_cannot_be_sent_is_refused(engine: Engine) -> None:
    with pytest.raises(OptionError, match="cannot be sent"):
        list(run(lambda item: item, [1], engine=engine, workers=2))


def test_closing_the_iterator_ends_the_processes(engine: Engine, tmp_path: Path) -> None:
    def items():
        yield str(tmp_path)
        yield str(tmp_path)
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        raise InterruptedError  # stands for whatever ends the caller

    with pytest.raises(InterruptedError):
        list(run(jobs.note_and_nap, items(), engine=engine, workers=3))
    assert not any(lives(int(file.name)) for file in tmp_path.iterdir())


CALLER = """
import sys
from importlib import import_module
import engine_jobs as jobs
from moodprint.engine import run

if __name__ == "__main__":
    module, engine = sys.argv[2].split(":")
    engine = getattr(import_module(module), engine)()
    try:
        list(run(jobs.note_and_nap, [sys.argv[1]] * 2, engine=engine, workers=2))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.parametrize(("blow", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_workers_end_with_their_caller(
    engine_name: str, tmp_path: Path, blow: signal.Signals, status: int
) -> None:
    script = tmp_path / "caller.py"
    script.write_text(CALLER)
    notes = tmp_path / "notes"
    notes.mkdir()
    caller = subprocess.Popen(
        [sys.executable, script, notes, engine_name],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_until(lambda: len(list(notes.iterdir())) == 2)
    if blow == signal.SIGINT:
        os.killpg(caller.pid, blow)  # as a terminal does: to the workers as well
    else:
        caller.kill()
    _, stderr = caller.communicate(timeout=20)
    assert caller.returncode == status
    assert stderr == b"", "no process leaves a traceback"
    wait_until(lambda: not any(lives(int(file.name)) for file in notes.iterdir()))
