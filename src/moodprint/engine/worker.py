"""One process of our own that works on one item at a time, and may die without harm."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from moodprint.engine.limits import NO_LIMITS, Limits, limit_memory
from moodprint.engine.outcome import Outcome, attempt
from moodprint.engine.process import start_process
from moodprint.engine.within import Hear, at_work_on, hearing, tell
from moodprint.errors import MemoryLimitError, OptionError, TimeLimitError, WorkerCrashedError

_READY = b"ready"
_ONE_THREAD_EACH = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class _Unloadable:
    """What a process says that cannot load its function."""

    reason: str


@dataclass(frozen=True)
class _Within:
    """How far a process is within its item."""

    done: float
    total: float


_APART_S = 0.1
"""Between two words of how far a process is: more often nobody can see."""


class Worker:
    """A process that calls ``function`` on the items it is given.

    The caller gives an item, waits until ``connection`` is readable or no time is left, and takes
    the outcome. After a death or a time-out the worker is no more: ``alive`` is False.
    """

    def __init__(self, function: Callable[[Any], Any], limits: Limits = NO_LIMITS) -> None:
        self._process, self.connection = start_process(quiet=limits.memory_bytes is not None)
        self._limits = limits
        self._limit_s: float | None = None
        self._item: Any = None
        self._began_s: float | None = None
        self.ready = False
        self.alive = True
        self._send_function(function)

    def give(self, item: Any) -> None:
        """Start work on an item. Raises what pickle raises for one that cannot be sent."""
        self._item, self._limit_s = item, self._limits.seconds_for(item)
        self._began_s = time.monotonic() if self.ready else None
        with contextlib.suppress(BrokenPipeError):  # its death is told by ``take``
            self.connection.send(item)

    @property
    def left_s(self) -> float | None:
        """Seconds until the item is overdue; None without a limit or before work began."""
        if self._limit_s is None or self._began_s is None:
            return None
        return max(0.0, self._began_s + self._limit_s - time.monotonic())

    def take(self) -> Outcome[Any, Any] | None:
        """The outcome, once ``connection`` is readable; None where the process only said that it
        is ready, or how far it is."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError):
            return Outcome(self._item, error=WorkerCrashedError(self._cause_of_death()))
        except Exception as error:  # what was sent cannot be put together again here
            return Outcome(self._item, error=error)
        if isinstance(answer, _Unloadable):
            self.end()
            raise OptionError(f"the function cannot be loaded in another process: {answer.reason}")
        if isinstance(answer, _Within):
            with at_work_on(self._item):
                tell(answer.done, answer.total)
            return None
        if answer == _READY:
            self.ready, self._began_s = True, time.monotonic()
            return None
        return Outcome(self._item, *answer)

    def give_up(self) -> Outcome[Any, Any]:
        """End the process in the midst of its item."""
        self.end()
        limit = f"{self._limit_s:g} s"
        return Outcome(self._item, error=TimeLimitError(f"took longer than {limit} and was ended"))

    def end(self, patience_s: float = 0.0) -> None:
        """Let an idle process leave by itself for so long, then kill it."""
        self.alive = False
        self.connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        self._process.kill()
        self._process.wait()

    def _send_function(self, function: Callable[[Any], Any]) -> None:
        try:
            self.connection.send((function, self._limits.memory_bytes))
        except BrokenPipeError:
            pass  # its death is told by ``take``
        except Exception as error:
            self.end()
            raise OptionError(f"{function} cannot be sent to another process: {error}") from error

    def _cause_of_death(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        code = self._process.returncode
        self.end()
        if code is None or code >= 0:
            return f"the process at work on it left (exit code {code})"
        cause = signal.Signals(-code).name if -code in signal.valid_signals() else str(code)
        memory = ", perhaps for want of memory" if cause in ("SIGKILL", "SIGABRT") else ""
        return f"the process at work on it was killed ({cause}{memory})"


def serve(descriptor: int) -> None:
    """The whole life of the process at the other end: ends when the pipe does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to answer
    threading.Thread(target=_die_with_caller, args=(descriptor,), daemon=True).start()
    for name in _ONE_THREAD_EACH:  # before numpy is loaded with the function
        os.environ.setdefault(name, "1")
    connection = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        function = _received(connection)
        with hearing(_passing_on(connection)):
            while True:
                _answer(connection, function, connection.recv_bytes())


def _received(connection: Connection) -> Callable[[Any], Any]:
    """The function that the caller sends, and from here on its limit of memory."""
    try:
        function, memory_bytes = connection.recv()
    except (EOFError, OSError):
        raise
    except Exception as error:  # it is defined in the caller's script, say
        connection.send(_Unloadable(str(error)))
        raise EOFError from error
    if memory_bytes is not None:
        limit_memory(memory_bytes)
    connection.send(_READY)
    return function


def _passing_on(connection: Connection) -> Hear:
    """Sends on how far this process is, now and then."""
    sent_s = 0.0

    def hear(_: Any, done: float, total: float) -> None:
        nonlocal sent_s
        if time.monotonic() - sent_s >= _APART_S:
            sent_s = time.monotonic()
            with contextlib.suppress(OSError):  # the caller is gone: so is this process soon
                connection.send(_Within(done, total))

    return hear


def _answer(connection: Connection, function: Callable[[Any], Any], sent: bytes) -> None:
    try:
        outcome = attempt(function, pickle.loads(sent))  # noqa: S301 - our own caller's bytes
    except Exception as error:
        connection.send((None, TypeError(f"the item cannot be received: {error}")))
        return
    failed = outcome.error
    if isinstance(failed, MemoryError):
        failed = MemoryLimitError("needs more memory than it may take")
    elif failed is not None and failed.__traceback__ is not None:
        failed.add_note("".join(traceback.format_exception(failed)))
    try:
        connection.send((outcome.value, failed))
    except OSError:
        raise
    except Exception as unsendable:
        connection.send((None, TypeError(f"the outcome cannot be sent back: {unsendable}")))


def _die_with_caller(descriptor: int) -> None:
    """Wait until the other end of the pipe is closed, which the system does for the dead, too."""
    ended = select.poll()
    ended.register(descriptor, 0)
    ended.poll()
    os._exit(1)
