"""The local engine beside Pebble's pool behind the same contract: cost, and how each ends.

    pip install pebble
    python benchmarks/engine.py [--repeats 9]

Costs are CPU time, here and in the workers, so that a busy machine changes them little. Ctrl-C goes
to the caller's process group, as a terminal sends it, at a random moment of the workers' start.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from engine_work import note_and_nap, square
from moodprint.engine import Engine, Limits, Outcome
from moodprint.engine.limits import NO_LIMITS
from moodprint.engine.local import LocalEngine
from moodprint.errors import TimeLimitError, WorkerCrashedError

_ITEMS = 4000
_WORKERS = 2
_BEGUN = "begun"


@dataclass(frozen=True)
class PebbleEngine:
    """Pebble's ProcessPool as an Engine: a window of tasks, outcomes in the order of the items."""

    def run(
        self,
        function: Callable[[Any], Any],
        items: Iterable[Any],
        *,
        workers: int | None = None,
        limits: Limits = NO_LIMITS,
    ) -> Iterator[Outcome[Any, Any]]:
        """As ``moodprint.engine.run`` promises it."""
        from pebble import ProcessPool

        workers, source = workers or _WORKERS, iter(items)
        pool = ProcessPool(workers, context=multiprocessing.get_context("spawn"))
        waiting: deque[tuple[Any, Future[Any]]] = deque()
        try:
            while True:
                for item in islice(source, 16 * workers - len(waiting)):
                    future = pool.schedule(function, args=[item], timeout=limits.seconds_for(item))
                    waiting.append((item, future))
                if not waiting:
                    return
                yield _outcome(*waiting.popleft())
        finally:
            pool.stop()
            pool.join()


def _outcome(item: Any, future: Future[Any]) -> Outcome[Any, Any]:
    from pebble import ProcessExpired

    try:
        return Outcome(item, value=future.result())
    except ProcessExpired as error:
        return Outcome(item, error=WorkerCrashedError(str(error)))
    except TimeoutError as error:
        return Outcome(item, error=TimeLimitError(str(error)))
    except Exception as error:
        return Outcome(item, error=error)


ENGINES: dict[str, Engine] = {"local": LocalEngine(), "pebble": PebbleEngine()}


def main(words: list[str] | None = None) -> int:
    """Print a line an engine; with two hidden words, be the caller that is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--caller", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.caller:
        return _be_interrupted(*options.caller)
    for name, engine in ENGINES.items():
        start_s = statistics.median(_cpu_s(engine, _WORKERS) for _ in range(options.repeats))
        whole_s = statistics.median(_cpu_s(engine, _ITEMS) for _ in range(options.repeats))
        waits = [random.Random(seed).uniform(0.0, 1.5) for seed in range(options.repeats)]
        interrupted = [_interrupt(name, signal.SIGINT, wait_s) for wait_s in waits]
        killed = _interrupt(name, signal.SIGKILL, None)
        print(
            f"{name}: {start_s:.2f} s to start and end {_WORKERS} workers, "
            f"{1e3 * (whole_s - start_s) / _ITEMS:.3f} ms an item; after Ctrl-C gone in "
            f"{max(end.after_s for end in interrupted):.2f} s at most, "
            f"{sum(end.noise for end in interrupted)} of {len(waits)} with tracebacks; "
            f"{killed.left} workers left 3 s after their caller was killed",
            flush=True,
        )
    return 0


def _cpu_s(engine: Engine, items: int) -> float:
    before = sum(os.times()[:4])
    for outcome in engine.run(square, range(items), workers=_WORKERS, limits=NO_LIMITS):
        outcome.unwrap()
    return sum(os.times()[:4]) - before


def _be_interrupted(name: str, folder: str) -> int:
    try:
        Path(folder, _BEGUN).touch()
        for _ in ENGINES[name].run(note_and_nap, [folder] * 2, workers=2, limits=NO_LIMITS):
            pass
    except KeyboardInterrupt:
        return 130
    return 0


@dataclass(frozen=True)
class End:
    """How a caller ended: after how long, with a traceback or not, and workers left behind."""

    after_s: float
    noise: bool
    left: int


def _interrupt(name: str, blow: signal.Signals, wait_s: float | None) -> End:
    """Strike a caller after ``wait_s``, or once both of its workers work."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as stderr:
        command = [sys.executable, __file__, "--caller", name, folder]
        caller = subprocess.Popen(command, stderr=stderr, start_new_session=True)
        begun = 3 if wait_s is None else 1  # the caller itself, and its two workers
        while len(list(Path(folder).iterdir())) < begun:
            time.sleep(0.01)
        time.sleep(wait_s or 0.0)
        began_s = time.monotonic()
        (os.killpg if blow == signal.SIGINT else os.kill)(caller.pid, blow)
        caller.wait()
        after_s = time.monotonic() - began_s
        time.sleep(3.0)
        notes = {note.name for note in Path(folder).iterdir()} - {_BEGUN}
        left = [int(name) for name in notes if _lives(int(name))]
        for process_id in left:
            os.kill(process_id, signal.SIGKILL)
        return End(after_s, stderr.seek(0, os.SEEK_END) > 0, len(left))


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()


if __name__ == "__main__":
    raise SystemExit(main())
