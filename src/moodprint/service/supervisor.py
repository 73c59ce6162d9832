"""The server's own worker: a process beside it, started again when it ends, ended with it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time

from moodprint.service.settings import ServiceSettings

_LIVED_S = 10.0
"""A worker that lived as long as this did not fail to start."""

_MOST_PAUSE_S = 30.0

_log = logging.getLogger(__name__)

_PROGRAM = "from moodprint.service.supervisor import worker_main; worker_main()"


class WorkerProcess:
    """A worker with these settings, from now until ``close``."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._closed = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int:
        """Of the process that is there now."""
        return self._process.pid

    def close(self) -> None:
        """End it."""
        self._closed.set()
        self._end()
        self._watch.join()

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C in the terminal reaches the server alone, which then
        # closes the pipe; so does its death, however that comes.
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdin is not None
        process.stdin.write(self._settings.model_dump_json().encode() + b"\n")
        process.stdin.flush()
        return process

    def _keep_alive(self) -> None:
        pause_s, started_s = 0.2, time.monotonic()
        while True:
            self._process.wait()
            if self._closed.is_set():
                return
            lived_s = time.monotonic() - started_s
            pause_s = 0.2 if lived_s > _LIVED_S else min(2 * pause_s, _MOST_PAUSE_S)
            _log.warning("the worker ended (%s); it starts again", self._process.returncode)
            if self._closed.wait(pause_s):
                return
            started_s = time.monotonic()
            self._process = self._start()
            if self._closed.is_set():
                self._end()

    def _end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        self._process.wait()


def worker_main() -> None:
    """The worker's side: settings from the pipe, whose end ends the process."""
    from moodprint.service.jobs.worker import end_with, work

    with os.fdopen(0, "rb", closefd=False) as pipe:
        line = pipe.readline()
    settings = ServiceSettings.model_validate(json.loads(line))
    end_with(0)
    work(settings)
