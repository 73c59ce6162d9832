"""What lies at a web address, fetched by yt-dlp in a process that reaches the public web alone."""

from __future__ import annotations

import ipaddress
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from moodprint.corpus.sources.web import RetryPolicy, WebSource
from moodprint.engine import Limits, run_one, tell
from moodprint.errors import FetchError

MOST_RECORDINGS = 200
"""Of a playlist."""

LONGEST_S = 6 * 3600.0
_TIME_S = 2 * 3600.0
_MEMORY_BYTES = 1024**3

_FORMAT = "best[height<=720]/best/bestaudio"
"""One file with picture and sound: joining two takes FFmpeg, and that is not run here."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PROGRAMS = frozenset(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")
)
"""Events of a program's start."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


@dataclass(frozen=True)
class WebMedia:
    """A file that was fetched, and what its page calls it."""

    path: Path
    title: str


@dataclass(frozen=True)
class FetchAddress:
    """Fetches what lies at an address into ``folder``; sent to a process of its own, in which from
    then on no other address than ``permits`` can be reached, and no program be started.

    Raises, when called:
        FetchError: nothing is there, it is no recording, or it is not to be reached.
    """

    folder: Path
    most_bytes: int
    permits: Callable[[str], bool]

    def __call__(self, address: str) -> list[WebMedia]:
        """All recordings there, as yt-dlp knows them."""
        check_address(address)
        confine(self.permits)
        options = {
            "format": _FORMAT,
            "proxy": "",  # none, whatever the environment says: it would reach for others
            "max_filesize": self.most_bytes,
            "match_filter": _is_a_recording,
            "ffmpeg_location": str(self.folder / "none"),
            "hls_prefer_native": True,
            "cachedir": False,
            "playlistend": MOST_RECORDINGS,
            "enable_file_urls": False,
            "progress_hooks": [self._count],
        }
        retries = RetryPolicy(tries=2, pause_s=1.0, between_s=0)
        source = WebSource(address, "", retries=retries, options=options)
        found = []
        for number, item in enumerate(source.items()):
            place = self.folder / str(number)
            place.mkdir(parents=True)
            fetched = item.fetch(place)
            found.append(WebMedia(fetched.path, fetched.details.get("title") or fetched.path.name))
        if not found:
            raise FetchError(f"{address}: no recording is there")
        return found

    def _count(self, progress: dict[str, Any]) -> None:
        """What does not say beforehand how large it is, is cut off when it has become too large."""
        done = float(progress.get("downloaded_bytes") or 0)
        tell(done, float(progress.get("total_bytes") or max(done, self.most_bytes)))
        if done > self.most_bytes:
            raise FetchError(f"a recording is larger than {self.most_bytes / 1e6:g} MB")


def fetch_address(
    address: str, folder: Path, most_bytes: int, permits: Callable[[str], bool] | None = None
) -> list[WebMedia]:
    """Fetch what lies at an address; the files are in ``folder``, which is removed on failure.

    Raises:
        FetchError: nothing is there, or it may not be reached. TimeLimitError, MemoryLimitError,
            WorkerCrashedError: it took too much. MissingExtraError: no yt-dlp.
    """
    folder.mkdir(parents=True, exist_ok=True)
    limits = Limits(_TIME_S, _MEMORY_BYTES)
    try:
        return run_one(
            FetchAddress(folder, most_bytes, permits or is_public), address, limits=limits
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def check_address(address: str) -> None:
    """Raises FetchError where it is no address of HTTP with a host, or tells a password."""
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname)
    except ValueError as error:
        raise FetchError("that is no web address") from error
    if parts.scheme not in ("http", "https") or not named or not address.isprintable():
        raise FetchError("a web address begins with http:// or https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise FetchError("a web address with a name or a password is not fetched")


def is_public(host: str) -> bool:
    """Whether a numeric address is one of the public internet, by the registries of IANA; of an
    address that carries another (mapped, 6to4, Teredo, NAT64), whether both are."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return all(
        each.is_global and not each.is_multicast and not each.is_reserved
        for each in _carried(address)
    )


def _carried(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    mapped = address.ipv4_mapped
    if mapped is not None:
        return [mapped]
    inner: list[Address | None] = [address, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner = [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [each for each in inner if each is not None]


def confine(permits: Callable[[str], bool]) -> None:
    """From now on this process connects to permitted addresses alone and starts no program.

    It is asked at the connection itself, by the interpreter's audit hooks (PEP 578), which cannot
    be taken off again: after redirects, whatever a name resolves to in that moment.
    """

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            target = arguments[1] if len(arguments) > 1 else None
            host = target[0] if isinstance(target, tuple) and target else None
            if not isinstance(host, str) or not permits(host):
                raise PermissionError("that address may not be reached")
        elif event in _PROGRAMS:
            raise PermissionError("no program is started here")

    sys.addaudithook(audit)


def _is_a_recording(info: dict[str, Any], *, incomplete: bool = False) -> str | None:
    """Why something is not fetched, for yt-dlp; None where it is."""
    del incomplete
    if info.get("is_live") or info.get("live_status") in ("is_live", "is_upcoming"):
        return "it is live"
    if (info.get("duration") or 0) > LONGEST_S:
        return f"it is longer than {LONGEST_S / 3600:g} hours"
    return None
