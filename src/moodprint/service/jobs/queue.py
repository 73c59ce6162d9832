"""The queue of jobs as the server and the workers see it: DBOS Transact over the database.

A job's id says all that it does, so that asking twice asks once. DBOS keeps the queue; what is
shown of a job stands in our own tables. Arguments are kept as JSON, never as pickle.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbos import DBOSClient

ANALYZE, SHARE, FETCH, MAKE = "analyze", "find_sharing", "fetch", "make"
"""The kinds of job: an analysis by its key; by their ids the sharing in a collection, files to be
fetched, a piece of music to be made."""

QUEUES = {ANALYZE: "analyses", SHARE: "sharing", FETCH: "fetches", MAKE: "pieces"}

APP = "moodprint"
APP_VERSION = "1"
"""Of the jobs, not of the package: DBOS leaves jobs of other versions alone."""

_AT_A_TIME = 500
"""Ids in a query: databases bound their number."""

_ENDED = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})


def job_id(kind: str, subject: str) -> str:
    """By which DBOS knows a job."""
    return f"{kind}:{subject}"


def prepare(url: str) -> None:
    """Make DBOS's tables, or bring them to its version."""
    from dbos import run_dbos_database_migrations

    logging.getLogger("dbos").setLevel(logging.WARNING)
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
        connection.execute("PRAGMA journal_mode=WAL")  # stays with the file
        connection.close()
    run_dbos_database_migrations(system_database_url=url)


class JobQueue:
    """Jobs asked for, looked at, and given up; its tables are prepared already."""

    def __init__(self, url: str) -> None:
        from dbos import DBOSClient, DBOSPortableJSONSerializer

        self._client: DBOSClient = DBOSClient(
            system_database_url=url,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APP,
        )

    def ask(self, kind: str, subject: str) -> None:
        """Queue a job, unless it is queued or runs; one that has ended is done once more."""
        name = job_id(kind, subject)
        if self.state(kind, subject) in _ENDED:
            self._client.delete_workflow(name)
        self._client.enqueue(
            {
                "workflow_name": kind,
                "queue_name": QUEUES[kind],
                "workflow_id": name,
                "app_version": APP_VERSION,
            },
            subject,
        )

    def state(self, kind: str, subject: str) -> str | None:
        """DBOS's word for where a job stands; None where it knows of none."""
        return self.states(kind, [subject]).get(subject)

    def states(self, kind: str, subjects: Sequence[str]) -> dict[str, str]:
        """The same of many, by subject; without those that DBOS does not know."""
        found: dict[str, str] = {}
        for start in range(0, len(subjects), _AT_A_TIME):
            names = [job_id(kind, each) for each in subjects[start : start + _AT_A_TIME]]
            jobs: list[Any] = self._client.list_workflows(
                workflow_ids=names, load_input=False, load_output=False
            )
            found |= {job.workflow_id.partition(":")[2]: job.status for job in jobs}
        return found

    def give_up(self, kind: str, subject: str) -> None:
        """It is not begun any more; one that runs looks itself whether anybody waits for it."""
        if self.state(kind, subject) == "ENQUEUED":
            self._client.cancel_workflow(job_id(kind, subject))

    def take_over(self, worker: str) -> int:
        """Queue anew what a worker had begun that is lost; how many jobs that were."""
        begun: list[Any] = self._client.list_workflows(
            status="PENDING", executor_id=worker, load_input=False, load_output=False
        )
        for job in begun:
            kind = job.workflow_id.partition(":")[0]
            self._client.resume_workflow(job.workflow_id, queue_name=QUEUES[kind])
        return len(begun)

    def close(self) -> None:
        """End the connections."""
        self._client.destroy()
