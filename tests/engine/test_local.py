"""The engine: order, streaming, and what happens when a worker dies, hangs or is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import engine_jobs as jobs
import pytest

from moodprint.engine import available_cores, run
from moodprint.errors import (
    MissingExtraError,
    OptionError,
    TimeLimitError,
    WorkerCrashedError,
)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_outcomes_come_in_the_order_of_the_items(workers: int) -> None:
    outcomes = list(run(jobs.square, range(100), workers=workers))
    assert [outcome.item for outcome in outcomes] == list(range(100))
    assert [outcome.unwrap() for outcome in outcomes] == [n * n for n in range(100)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_fails_its_item_only(workers: int) -> None:
    outcomes = list(run(jobs.inverse, [4, 0, 2], workers=workers))
    assert [outcome.value for outcome in outcomes] == [0.25, None, 0.5]
    with pytest.raises(ZeroDivisionError):
        outcomes[1].unwrap()


def test_an_error_brings_the_traceback_of_the_other_process() -> None:
    [outcome] = run(jobs.inverse, [0], workers=2)
    assert any("return 1 / number" in note for note in outcome.error.__notes__)


def test_no_items_give_no_outcome() -> None:
    assert list(run(jobs.square, [], workers=2)) == []


def test_one_worker_is_this_process_and_more_are_others() -> None:
    [alone] = run(jobs.process_id, [0], workers=1)
    beside = {outcome.value for outcome in run(jobs.process_id, range(20), workers=2)}
    assert alone.value == os.getpid()
    assert os.getpid() not in beside
    assert len(beside) <= 2, "processes are used again"


def test_a_worker_computes_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    [outcome] = run(jobs.blas_threads, [0], workers=2)
    assert outcome.value == "1"


def test_short_items_run_beside_a_long_one() -> None:
    items = [1.5, *[0.1] * 15]
    began_s = time.monotonic()
    outcomes = list(run(jobs.nap, items, workers=2))
    assert [outcome.item for outcome in outcomes] == items
    assert time.monotonic() - began_s < sum(items), "one after the other takes 3 s"


def test_items_are_pulled_as_they_are_needed() -> None:
    pulled = []

    def endless():
        while True:
            pulled.append(len(pulled))
            yield len(pulled)

    outcomes = run(jobs.square, endless(), workers=2)
    for _ in range(100):
        next(outcomes)
    assert len(pulled) < 100 + 2 * 16 + 2
    outcomes.close()


@pytest.mark.parametrize("death", [signal.SIGSEGV, signal.SIGKILL])
def test_a_worker_that_dies_fails_only_its_item(death: signal.Signals) -> None:
    items = [0, 0, death, 0, 0, death, 0]
    outcomes = list(run(jobs.die_of, items, workers=2))
    assert [outcome.item for outcome in outcomes] == items
    for outcome in outcomes:
        if outcome.item:
            assert isinstance(outcome.error, WorkerCrashedError)
            assert death.name in str(outcome.error)
        else:
            assert outcome.error is None


def test_a_worker_that_leaves_fails_only_its_item() -> None:
    outcomes = list(run(jobs.leave, [1, 2], workers=2))
    assert all("exit code 3" in str(outcome.error) for outcome in outcomes)


def test_an_item_that_hangs_is_ended_and_the_rest_go_on() -> None:
    began_s = time.monotonic()
    outcomes = list(run(jobs.nap, [0.0, 60.0, 0.0, 0.01], workers=2, time_limit_s=0.5))
    assert [outcome.value for outcome in outcomes] == [0.0, None, 0.0, 0.01]
    assert isinstance(outcomes[1].error, TimeLimitError)
    assert "0.5 s" in str(outcomes[1].error)
    assert time.monotonic() - began_s < 20


def test_the_start_of_a_process_does_not_count_against_the_limit() -> None:
    outcomes = list(run(jobs.square, [1, 2], workers=2, time_limit_s=0.02))
    assert [outcome.error for outcome in outcomes] == [None, None]


def test_our_errors_come_back_whole() -> None:
    [outcome] = run(jobs.lack_a_package, ["torch"], workers=2)
    assert isinstance(outcome.error, MissingExtraError)
    assert (outcome.error.package, outcome.error.extra) == ("torch", "deep")
    assert str(outcome.error) == str(MissingExtraError("torch", "deep"))


def test_a_value_that_cannot_be_sent_back_is_an_error() -> None:
    outcomes = list(run(jobs.a_lambda, [1, 2, 3], workers=2))
    assert all("cannot be sent back" in str(outcome.error) for outcome in outcomes)


def test_an_item_that_cannot_be_sent_is_an_error() -> None:
    first, second = run(jobs.process_id, [lambda: None, 1], workers=2)
    assert first.error is not None
    assert second.error is None


def test_a_function_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(OptionError, match="cannot be sent"):
        list(run(lambda item: item, [1], workers=2))


@pytest.mark.parametrize("options", [{"workers": 0}, {"workers": -1}, {"time_limit_s": 0}])
def test_senseless_options_are_refused_at_the_call(options: dict) -> None:
    with pytest.raises(OptionError):
        run(jobs.square, [1], **options)


def test_there_is_at_least_one_core() -> None:
    assert available_cores() >= 1


def test_closing_the_iterator_ends_the_processes(tmp_path: Path) -> None:
    def items():
        yield str(tmp_path)
        yield str(tmp_path)
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.01)
        raise InterruptedError  # stands for whatever ends the caller

    with pytest.raises(InterruptedError):
        list(run(jobs.note_and_nap, items(), workers=3))
    assert not any(_lives(int(file.name)) for file in tmp_path.iterdir())


CALLER = """
import sys
import engine_jobs as jobs
from moodprint.engine import run

if __name__ == "__main__":
    try:
        list(run(jobs.note_and_nap, [sys.argv[1]] * 2, workers=2))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.parametrize(("blow", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_workers_end_with_their_caller(tmp_path: Path, blow: signal.Signals, status: int) -> None:
    script = tmp_path / "caller.py"
    script.write_text(CALLER)
    notes = tmp_path / "notes"
    notes.mkdir()
    caller = subprocess.Popen(
        [sys.executable, script, notes],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _wait_until(lambda: len(list(notes.iterdir())) == 2)
    if blow == signal.SIGINT:
        os.killpg(caller.pid, blow)  # as a terminal does: to the workers as well
    else:
        caller.kill()
    _, stderr = caller.communicate(timeout=20)
    assert caller.returncode == status
    assert stderr == b"", "no process leaves a traceback"
    _wait_until(lambda: not any(_lives(int(file.name)) for file in notes.iterdir()))


def test_a_script_without_a_main_guard_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "caller.py"
    script.write_text("import engine_jobs as jobs\nfrom moodprint.engine import run\n"
                      "print(list(run(jobs.square, [1, 2], workers=2)))\n")  # fmt: skip
    done = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "a script that uses workers" in done.stderr


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/stat")
    return not (status.exists() and ") Z " in status.read_text())


def _wait_until(condition, limit_s: float = 20.0) -> None:
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it did not come about in time"
        time.sleep(0.02)
