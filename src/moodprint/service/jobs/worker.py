"""The process that does the jobs: DBOS gives them out, and gives those of a killed process anew."""

from __future__ import annotations

import io
import logging
import os
import signal
import threading
import time

from moodprint.bundle import open_bundle
from moodprint.errors import InputError
from moodprint.files import open_locked
from moodprint.recognition.batch import FileAnalysis
from moodprint.service.intake import AnswerKeys, Intake
from moodprint.service.jobs.analysis import MediaAnalysis, analyze
from moodprint.service.jobs.fetch import FetchJobs
from moodprint.service.jobs.pieces import PieceJobs
from moodprint.service.jobs.queue import (
    ANALYZE,
    APP,
    APP_VERSION,
    FETCH,
    MAKE,
    QUEUES,
    SHARE,
    JobQueue,
    prepare,
)
from moodprint.service.jobs.sharing import share
from moodprint.service.observed import log_to_stderr
from moodprint.service.settings import ServiceSettings
from moodprint.service.store.catalogue import Catalogue
from moodprint.service.store.database import Database
from moodprint.service.store.fetches import Fetches
from moodprint.service.store.job_states import JobStates
from moodprint.service.store.media import MediaStore
from moodprint.service.store.pieces import Pieces
from moodprint.service.store.sharing import SharingCatalogue
from moodprint.service.store.worker_beats import WorkerBeats
from moodprint.service.workers import Workers

_LOOK_EVERY_S = 2.0

_QUIET_S = 3.0
"""After the last change in a collection, before its files are compared: uploads come one by one."""

_MOST_TRIES = 100
"""Of a job whose worker was killed each time, before it counts as failed. A file that crashes its
decoder ends a process of its own and fails at once; the worker itself is ended from outside, and a
machine that is switched off again and again must not cost a job."""

_log = logging.getLogger(__name__)


class Jobs:
    """What the jobs need, and what is done of them."""

    def __init__(self, settings: ServiceSettings) -> None:
        database = Database(settings.database_url)
        self._states, self._sharing = JobStates(database), SharingCatalogue(database)
        self._beats, self._settings = WorkerBeats(database), settings
        self._media = MediaStore(settings.data, settings.most_bytes)
        self._queue = JobQueue(settings.jobs_url)
        analysis = FileAnalysis(settings.model, explain=settings.explain)
        self._workers = Workers(MediaAnalysis(analysis), settings.workers, waiting=0)
        keys = AnswerKeys(settings, open_bundle(settings.model))
        self._fetches = Fetches(database)
        intake = Intake(settings, Catalogue(database), self._media, self._queue, keys)
        self._pieces = Pieces(database)
        self.fetch = FetchJobs(self._fetches, intake)
        self.make = PieceJobs(self._pieces, intake)

    def analyze(self, key: str) -> None:
        """The job of an analysis."""
        analyze(key, self._states, self._media, self._workers)

    def share(self, collection_id: str) -> None:
        """The job of a collection's sharing."""
        share(collection_id, self._sharing, self._media, self._settings.workers)

    def reconcile(self) -> None:
        """Say that this worker lives; ask for jobs that somebody waits for and nobody does: the
        server was killed between writing down a file and queueing its job, a worker is lost, or
        the job gave up."""
        self._beats.beat(self._settings.worker_name)
        for name in self._beats.lost(self._settings.worker_lost_s):
            _log.warning("worker %s is lost; its %d jobs go on", name, self._queue.take_over(name))
        active = list(self._states.active_keys())
        states = self._queue.states(ANALYZE, active)
        for key in active:
            state = states.get(key)
            if state in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
                self._states.fail(
                    key,
                    "gave-up",
                    f"The analysis ended its process {_MOST_TRIES} times, or failed.",
                )
            elif state in (None, "SUCCESS", "CANCELLED") and not self._states.take_known_answer(
                key
            ):
                self._queue.ask(ANALYZE, key)
        self._reconcile_sharing()
        for kind, store in ((FETCH, self._fetches), (MAKE, self._pieces)):
            active = store.active()
            states = self._queue.states(kind, active)
            for subject in active:
                if states.get(subject) in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
                    store.fail(subject, "gave-up", "The job ended its process, or failed.")
                elif states.get(subject) in (None, "SUCCESS", "CANCELLED"):
                    self._queue.ask(kind, subject)

    def _reconcile_sharing(self) -> None:
        for collection_id in self._sharing.stale(_QUIET_S):
            self._queue.ask(SHARE, collection_id)
        active = self._sharing.active()
        states = self._queue.states(SHARE, active)
        for collection_id in active:
            if states.get(collection_id) in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
                self._sharing.finish(collection_id, self._sharing.begin(collection_id), None)
            elif states.get(collection_id) in (None, "SUCCESS", "CANCELLED"):
                self._queue.ask(SHARE, collection_id)


def work(settings: ServiceSettings) -> None:
    """Do jobs until the process is asked to end, by a signal.

    It ends at once, in the midst of a job: what it left is taken up by the next that starts under
    the same name, as after a crash. There is one of a name at a time; another waits for its end.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    log_to_stderr()
    lock = _alone(settings)  # held until the process ends
    prepare(settings.jobs_url)
    jobs = Jobs(settings)
    _launch(jobs, settings)
    while not lock.closed:
        time.sleep(_LOOK_EVERY_S)
        try:
            jobs.reconcile()
        except Exception:  # a database that is away may come back
            _log.exception("the queue could not be looked through")


def work_alone(settings: ServiceSettings) -> None:
    """Do jobs for a server elsewhere: as ``work``, with the data folder and the tables made where
    they are missing."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.migrate()
    database.close()
    work(settings)


def end_with(descriptor: int) -> None:
    """End this process when the other end of a pipe is closed: its caller has ended."""

    def wait() -> None:
        while os.read(descriptor, 1):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def _alone(settings: ServiceSettings) -> io.FileIO:
    busy = InputError("another worker of this name is at work")
    while True:
        try:
            return open_locked(settings.data / f"{settings.worker_name}.lock", busy)
        except InputError as error:
            if error is not busy:
                raise
            time.sleep(0.2)


def _launch(jobs: Jobs, settings: ServiceSettings) -> None:
    from dbos import DBOS, DBOSPortableJSONSerializer

    DBOS(
        config={
            "name": APP,
            "system_database_url": settings.jobs_url,
            "application_version": APP_VERSION,
            "executor_id": settings.worker_name,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "run_migrations": False,
        }
    )

    @DBOS.workflow(name=ANALYZE, max_recovery_attempts=_MOST_TRIES)
    def analyze_job(key: str) -> None:
        jobs.analyze(key)

    @DBOS.workflow(name=SHARE, max_recovery_attempts=_MOST_TRIES)
    def share_job(collection_id: str) -> None:
        jobs.share(collection_id)

    @DBOS.workflow(name=FETCH, max_recovery_attempts=_MOST_TRIES)
    def fetch_job(fetch_id: str) -> None:
        jobs.fetch(fetch_id)

    @DBOS.workflow(name=MAKE, max_recovery_attempts=_MOST_TRIES)
    def make_job(piece_id: str) -> None:
        jobs.make(piece_id)

    DBOS.launch()
    for kind, count, every_s in (
        (ANALYZE, settings.workers, 0.2),
        (SHARE, 1, 1.0),
        (FETCH, 2, 0.5),
        (MAKE, 1, 0.5),
    ):
        DBOS.register_queue(QUEUES[kind], worker_concurrency=count, polling_interval_sec=every_s)
