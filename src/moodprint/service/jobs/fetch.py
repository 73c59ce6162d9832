"""The job that brings files in: those of a folder on the machine, or what lies at a web address."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from moodprint.audio.media import find_media
from moodprint.engine import hearing
from moodprint.errors import MissingExtraError, MoodprintError
from moodprint.service.intake import Intake
from moodprint.service.jobs.analysis import NobodyWaitsError, reporting
from moodprint.service.problems import Problem
from moodprint.service.roots import file_under, place_under
from moodprint.service.store.fetches import Fetches
from moodprint.service.store.tables import Fetch
from moodprint.service.web import fetch_address, is_public

FOLDER, WEB = "folder", "web"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FetchJobs:
    """Does the jobs; ``permits`` says which numeric addresses may be reached."""

    fetches: Fetches
    intake: Intake
    permits: Callable[[str], bool] = is_public

    def __call__(self, fetch_id: str) -> None:
        """The job of an id: done again, it takes in what is missing, for a content is kept once."""
        fetch = self.fetches.begin(fetch_id)
        if fetch is None:
            return
        job = {"fields": {"job": fetch_id}}
        try:
            if fetch.kind == FOLDER:
                self._folder(fetch)
            else:
                self._web(fetch)
        except NobodyWaitsError:
            _log.info("fetch is given up", extra=job)
        except Problem as problem:
            self.fetches.fail(fetch_id, problem.code, problem.detail)
            _log.info("fetch failed: %s", problem.code, extra=job)
        except MoodprintError as error:
            code = "no-yt-dlp" if isinstance(error, MissingExtraError) else "not-fetched"
            self.fetches.fail(fetch_id, code, _reason(error, fetch.source))
            _log.info("fetch failed: %s", code, extra=job)
        else:
            self.fetches.finish(fetch_id)
            _log.info("fetch is done", extra=job)

    def _folder(self, fetch: Fetch) -> None:
        roots, most_bytes = self.intake.settings.root, self.intake.settings.most_bytes
        place = place_under(roots, fetch.source)
        if place.is_dir():
            files = [(path, str(path.relative_to(place))) for path in find_media(place)]
        else:
            files = [(place, place.name)]

        def opened(path: Path) -> BinaryIO:
            return file_under(roots, str(path), most_bytes).open("rb")

        self._take(fetch, files, opened)

    def _web(self, fetch: Fetch) -> None:
        if not self.intake.settings.allow_web:
            raise Problem(403, "no-web", "Web addresses are not fetched here: see --allow-web.")
        folder = self.intake.media.draft()
        try:
            with hearing(reporting(lambda _: self.fetches.is_wanted(fetch.id))):
                found = fetch_address(
                    fetch.source, folder, self.intake.settings.most_bytes, self.permits
                )
            files = [(media.path, media.title) for media in found]
            self._take(fetch, files, lambda path: path.open("rb"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _take(
        self, fetch: Fetch, files: list[tuple[Path, str]], opened: Callable[[Path], BinaryIO]
    ) -> None:
        """Take files in, one by one, while somebody waits; one that cannot be is passed over."""
        taken = 0
        refused: list[str] = []
        for path, name in files:
            if not self.fetches.report(fetch.id, len(files), taken, refused):
                return
            try:
                with opened(path) as file:
                    self.intake.take(file, name, fetch.collection_id)
                taken += 1
            except Problem as problem:
                if problem.code == "no-room":
                    raise
                refused.append(f"{name}: {problem.detail}")
            except OSError:
                refused.append(f"{name}: It cannot be read.")
        self.fetches.report(fetch.id, len(files), taken, refused)


def _reason(error: MoodprintError, address: str) -> str:
    """In words, without the address, which is shown beside them."""
    return str(error).removeprefix(f"{address}: ")
