"""How files come into the service, by whichever way: kept once, noted down, their jobs queued."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from moodprint.bundle import Bundle
from moodprint.recognition.run import AnalysisRequest, answer_options
from moodprint.service.jobs.queue import ANALYZE, JobQueue
from moodprint.service.problems import Problem
from moodprint.service.settings import ServiceSettings
from moodprint.service.store.catalogue import Catalogue
from moodprint.service.store.media import MediaStore
from moodprint.service.store.tables import Analysis, State


class AnswerKeys:
    """What tells answers apart: the content, the options, the model."""

    def __init__(self, settings: ServiceSettings, bundle: Bundle) -> None:
        request = AnalysisRequest((), model=settings.model, explain=settings.explain)
        self._options = json.dumps(answer_options(request, bundle), sort_keys=True)

    def of(self, content: str) -> str:
        """The key of a content, by its SHA-256."""
        return sha256(f"{content} {self._options}".encode()).hexdigest()


@dataclass(frozen=True)
class Intake:
    """Takes files in."""

    settings: ServiceSettings
    catalogue: Catalogue
    media: MediaStore
    queue: JobQueue
    keys: AnswerKeys

    def take(self, file: BinaryIO, name: str, collection: str | None) -> Analysis:
        """An open file, from where it stands, kept and its analysis queued.

        The same content in the same collection is the same analysis, given back as it stands.

        Raises:
            Problem: 404, no such collection; 413 and 507, it is too large, or there is no room;
                422, it has no bytes.
        """
        if collection is not None:
            self.catalogue.collection(collection)
        if self.catalogue.count() >= self.settings.most_files:
            raise Problem(507, "no-room", "The service holds as many files as it may.")
        start = file.tell()
        media = self.media.keep(file, self.room_bytes())
        if media.size_bytes == 0:
            self.forget([media.content])
            raise Problem(422, "empty-file", "The file has no bytes.")
        key = self.keys.of(media.content)
        row = self.catalogue.add(media, name, collection, key)
        if not self.media.path(media.content).exists():
            # The last other analysis of this content was deleted in between, and its file with it.
            file.seek(start)
            self.media.keep(file, self.room_bytes())
        if row.state == State.QUEUED:
            self.queue.ask(ANALYZE, key)
        return row

    def room_bytes(self) -> int:
        """What may still be kept under the quota."""
        return int(self.settings.quota_gigabytes * 1e9) - self.catalogue.used_bytes()

    def forget(self, contents: Sequence[str]) -> None:
        """Remove the media of these contents that no analysis is of any more."""
        for content in self.catalogue.unused(contents):
            self.media.remove(content)
