"""One process of our own that works on one item at a time, and may die without harm."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from moodprint.engine.outcome import Outcome, attempt
from moodprint.errors import OptionError, TimeLimitError, WorkerCrashedError

_CONTEXT = multiprocessing.get_context("spawn")
"""A fresh interpreter: it inherits no lock and no thread. It costs 0.3 s, once a worker."""

_READY = b"ready"
_ONE_THREAD_EACH = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Worker:
    """A process that calls ``function`` on the items it is given.

    The caller gives an item, waits until ``connection`` is readable or ``overdue``, and takes
    the outcome. After a death or a time-out the worker is no more: ``alive`` is False.
    """

    def __init__(self, function: Callable[[Any], Any], time_limit_s: float | None = None) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self._time_limit_s = time_limit_s
        self._item: Any = None
        self._began_s: float | None = None
        self.ready = False
        self.alive = True
        self._send_function(function)

    def give(self, item: Any) -> None:
        """Start work on an item. Raises what pickle raises for one that cannot be sent."""
        self._item = item
        self._began_s = time.monotonic() if self.ready else None
        with contextlib.suppress(BrokenPipeError):  # its death is told by ``take``
            self.connection.send(item)

    @property
    def left_s(self) -> float | None:
        """Seconds until the item is overdue; None without a limit or before work began."""
        if self._time_limit_s is None or self._began_s is None:
            return None
        return max(0.0, self._began_s + self._time_limit_s - time.monotonic())

    def take(self) -> Outcome[Any, Any] | None:
        """The outcome, once ``connection`` is readable; None where that was only "ready"."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            return Outcome(self._item, error=WorkerCrashedError(self._epitaph()))
        except Exception as error:  # what was sent cannot be put together again here
            return Outcome(self._item, error=error)
        if answer == _READY:
            self.ready, self._began_s = True, time.monotonic()
            return None
        return Outcome(self._item, *answer)

    def give_up(self) -> Outcome[Any, Any]:
        """End the process in the midst of its item."""
        self.end()
        limit = f"{self._time_limit_s:g} s"
        return Outcome(self._item, error=TimeLimitError(f"took longer than {limit} and was ended"))

    def end(self, patience_s: float = 0.0) -> None:
        """Let an idle process leave by itself for so long, then kill it."""
        self.alive = False
        self.connection.close()
        self._process.join(patience_s)
        self._process.kill()
        self._process.join()
        self._process.close()

    def _send_function(self, function: Callable[[Any], Any]) -> None:
        try:
            self.connection.send(function)
        except BrokenPipeError:
            pass  # its death is told by ``take``
        except Exception as error:
            self.end()
            raise OptionError(f"{function} cannot be sent to another process: {error}") from error

    def _epitaph(self) -> str:
        self._process.join(1.0)
        code = self._process.exitcode
        self.end()
        if code is None or code >= 0:
            return f"the process at work on it left (exit code {code})"
        cause = signal.Signals(-code).name if -code in signal.valid_signals() else str(code)
        memory = ", perhaps for want of memory" if cause == "SIGKILL" else ""
        return f"the process at work on it was killed ({cause}{memory})"


def _serve(connection: Connection) -> None:
    """The whole life of the process at the other end: ends when the pipe does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to answer
    threading.Thread(target=_die_with_parent, daemon=True).start()
    for name in _ONE_THREAD_EACH:  # before numpy is loaded with the function
        os.environ.setdefault(name, "1")
    function = connection.recv()
    connection.send(_READY)
    with contextlib.suppress(EOFError, OSError):
        while True:
            _answer(connection, function, connection.recv())


def _answer(connection: Connection, function: Callable[[Any], Any], item: Any) -> None:
    outcome = attempt(function, item)
    if outcome.error is not None and outcome.error.__traceback__ is not None:
        outcome.error.add_note("".join(traceback.format_exception(outcome.error)))
    try:
        connection.send((outcome.value, outcome.error))
    except OSError:
        raise
    except Exception as error:  # a value or an error that cannot be sent
        connection.send((None, TypeError(f"the outcome cannot be sent back: {error}")))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits, here and in a process started now, until it can ignore it by itself."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
