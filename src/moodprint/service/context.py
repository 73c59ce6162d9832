"""What the calls of the service work with, made once when it starts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from moodprint.bundle import open_bundle
from moodprint.engine import available_cores
from moodprint.models.acceptance import accept
from moodprint.prediction import Timeline
from moodprint.recognition.batch import FileAnalysis
from moodprint.service.access import Keys
from moodprint.service.intake import AnswerKeys, Intake
from moodprint.service.jobs.queue import JobQueue, prepare
from moodprint.service.observed import CallMetrics
from moodprint.service.settings import ServiceSettings
from moodprint.service.store.catalogue import Catalogue
from moodprint.service.store.corrections import Corrections
from moodprint.service.store.database import Database
from moodprint.service.store.fetches import Fetches
from moodprint.service.store.media import MediaStore
from moodprint.service.store.outlines import add_missing_outlines
from moodprint.service.store.pieces import Pieces
from moodprint.service.store.sharing import SharingCatalogue
from moodprint.service.workers import Workers

_DAY_S = 86_400.0
"""After so long an upload that is not whole was cut off by the server's end."""


class ServiceContext:
    """The database brought to today's tables, the store of media, the queue, and the processes
    that answer calls at once.

    Raises:
        OptionError, BundleError, MissingExtraError: no such model or database, or a model that
            does not answer. NoPermissionError, InputError: the data folder cannot be made.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        bundle = open_bundle(settings.model)
        accept(bundle)
        settings.data.mkdir(parents=True, exist_ok=True)
        self.database = Database(settings.database_url)
        self.database.migrate()
        add_missing_outlines(self.database)
        prepare(settings.jobs_url)
        self.queue = JobQueue(settings.jobs_url)
        self.catalogue = Catalogue(self.database)
        self.sharing = SharingCatalogue(self.database)
        self.corrections = Corrections(self.database)
        self.keys = Keys(self.database)
        self.metrics = CallMetrics()
        self.media = MediaStore(settings.data, settings.most_bytes)
        self.media.sweep(older_than_s=_DAY_S)
        threads = max(1, available_cores() // settings.workers)
        analysis = FileAnalysis(settings.model, threads=threads)
        self.workers: Workers[Timeline] = Workers(analysis, settings.workers, settings.waiting)
        keys = AnswerKeys(settings, bundle)
        self.intake = Intake(settings, self.catalogue, self.media, self.queue, keys)
        self.fetches = Fetches(self.database)
        self.pieces = Pieces(self.database)

    def close(self) -> None:
        """End the processes and the connections."""
        self.workers.close()
        self.queue.close()
        self.database.close()


def _of(request: Request) -> ServiceContext:
    context: ServiceContext = request.app.state.context
    return context


Context = Annotated[ServiceContext, Depends(_of)]
"""What a call works with, as FastAPI gives it to the functions that answer."""
