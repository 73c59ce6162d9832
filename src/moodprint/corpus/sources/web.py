"""Addresses on the web, through yt-dlp: playlists, sites that it knows, direct links."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from moodprint.audio.media import Chapter
from moodprint.corpus.sources.item import Fetched, Item
from moodprint.errors import FetchError, MissingExtraError

BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers after which asking again, later, is right. Others, such as 403 and 404, are final."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often an address is asked, and how long the pauses are.

    A pause is what the server asks for (Retry-After), else ``pause_s`` doubled with each try,
    never more than ``longest_s``. ``between_s`` lies between one item and the next.
    """

    tries: int = 5
    pause_s: float = 5.0
    longest_s: float = 600.0
    between_s: float = 1.0
    timeout_s: float = 30.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class WebSource:
    """One address, which may stand for many recordings."""

    url: str
    emotion: str
    details: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    options: Mapping[str, Any] = field(default_factory=dict)
    """More for yt-dlp, which go before ours."""

    @property
    def name(self) -> str:
        """The address."""
        return self.url

    def items(self) -> Iterator[Item]:
        """What yt-dlp finds there. Raises FetchError where it finds nothing, or nobody answers."""
        listing = _with_retries(self._listing, self.url, self.retries)
        for entry in _entries(listing):
            url = entry.get("webpage_url") or entry.get("url") or self.url
            if entry.get("direct") or listing.get("extractor_key") == "Generic":
                url = entry.get("url") or url
            fetch = partial(self._fetch, str(url))
            yield Item(f"url:{url}", self.emotion, fetch, self.details, self.synthetic)

    def _listing(self) -> dict[str, Any]:
        options = {"extract_flat": "in_playlist", **self.options}
        with _downloader(options, self.retries) as downloader:
            found = downloader.extract_info(self.url, download=False)
            return downloader.sanitize_info(found) or {}

    def _fetch(self, url: str, folder: Path) -> Fetched:
        def download() -> dict[str, Any]:
            place = {"outtmpl": str(folder / "%(title).120B.%(ext)s"), "paths": {}}
            options = {**self.options, **place}
            with _downloader(options, self.retries) as downloader:
                return downloader.extract_info(url)

        answer = _with_retries(download, url, self.retries)
        (entry, *_) = _entries(answer)
        if self.retries.between_s:
            self.retries.sleep(self.retries.between_s)
        return Fetched(_path(entry, folder, url), _details(entry, url), _chapters(entry))


def _check_package() -> None:
    if find_spec("yt_dlp") is None:
        raise MissingExtraError("yt-dlp", "collect")


def _downloader(options: dict[str, Any], retries: RetryPolicy) -> Any:
    from yt_dlp import YoutubeDL

    fixed = {
        "format": "bestaudio/best",
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "continuedl": True,
        "retries": retries.tries,
        "retry_sleep_functions": {"http": lambda n: _sleep(retries, n)},
        "socket_timeout": retries.timeout_s,
        "fixup": "never",
        "logger": _Silent(),
    }
    return YoutubeDL({**fixed, **options})


def _sleep(retries: RetryPolicy, tries: int) -> float:
    retries.sleep(min(retries.pause_s * 2**tries, retries.longest_s))
    return 0.0


def _with_retries(
    ask: Callable[[], dict[str, Any]], url: str, retries: RetryPolicy
) -> dict[str, Any]:
    """Ask until there is an answer; FetchError where there is none, or a final no."""
    _check_package()
    from yt_dlp.utils import DownloadError

    for tried in range(1, retries.tries + 1):
        try:
            return ask()
        except DownloadError as error:
            status, wait_s = _refusal(error)
            if tried == retries.tries or (status is not None and status not in BUSY):
                raise FetchError(f"{url}: {_reason(error)}") from error
            pause_s = retries.pause_s * 2 ** (tried - 1) if wait_s is None else wait_s
            retries.sleep(min(pause_s, retries.longest_s))
    raise FetchError(f"{url}: was not asked, as tries is {retries.tries}")


def _refusal(error: BaseException) -> tuple[int | None, float | None]:
    """The HTTP status behind an error and the pause that the server asks for, where it says."""
    from yt_dlp.networking.exceptions import HTTPError

    seen: list[BaseException] = [error]
    while seen:
        cause = seen.pop()
        if isinstance(cause, HTTPError):
            wait = cause.response.headers.get("Retry-After", "")
            return cause.status, float(wait) if wait.isdigit() else None
        inner = getattr(cause, "exc_info", None) or (None, None, None)
        seen += [one for one in (cause.__cause__, cause.__context__, inner[1]) if one is not None]
    return None, None


def _reason(error: BaseException) -> str:
    return str(error).removeprefix("ERROR: ").splitlines()[0]


def _entries(answer: dict[str, Any]) -> list[dict[str, Any]]:
    if "entries" not in answer:
        return [answer]
    return [deep for entry in answer["entries"] or () if entry for deep in _entries(entry)]


def _path(entry: dict[str, Any], folder: Path, url: str) -> Path:
    for done in entry.get("requested_downloads") or ():
        path = Path(done.get("filepath") or folder)
        if path.is_file():
            return path
    found = [path for path in sorted(folder.iterdir()) if path.suffix not in (".part", ".ytdl")]
    if len(found) != 1:
        raise FetchError(f"{url}: yt-dlp left no file")
    return found[0]


def _details(entry: dict[str, Any], url: str) -> dict[str, str]:
    names = {"title": "title", "artist": "artist", "uploader": "uploader", "license": "licence"}
    known = {ours: str(entry[theirs]) for theirs, ours in names.items() if entry.get(theirs)}
    return {**known, "url": str(entry.get("webpage_url") or url)}


def _chapters(entry: dict[str, Any]) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(float(mark["start_time"]), float(mark["end_time"]), str(mark.get("title") or ""))
        for mark in entry.get("chapters") or ()
    )


class _Silent:
    """yt-dlp's words go nowhere: what matters of them comes back as an error."""

    def debug(self, message: str) -> None: ...
    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def error(self, message: str) -> None: ...
