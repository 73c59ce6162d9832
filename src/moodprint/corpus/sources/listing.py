"""SOURCES.yaml: which sources stand under which emotion.

happy:
  - https://example.org/playlist        # an address, through yt-dlp
  - ~/Music/happy                       # a folder or a file
  - url: https://example.org/mix.mp3
    licence: CC BY 4.0                  # title, artist, uploader, licence, url, synthetic
  - package: wesnoth-1.16-music         # a Debian package, or a .deb file
    path: /usr/share/games/wesnoth/1.16/data/core/music/victory.ogg
tracks: tracks.csv                      # package,path,member,emotion: one file a row
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moodprint.corpus.collected import DETAILS
from moodprint.corpus.sources.debian import DebianSource, PackageStore
from moodprint.corpus.sources.item import Source
from moodprint.corpus.sources.local import LocalSource
from moodprint.corpus.sources.web import RetryPolicy, WebSource
from moodprint.emotion import EMOTIONS
from moodprint.errors import OptionError, unknown_name
from moodprint.text_input import read_csv, read_yaml

TRACKS = "tracks"
_COLUMNS = ("package", "path", "emotion")


def read_sources(path: str | Path, packages: PackageStore, retries: RetryPolicy) -> list[Source]:
    """The sources of a list, in its order. Relative paths are meant from the list's folder.

    Raises:
        InputError and its kinds: it cannot be read. OptionError: it is not written as shown above.
    """
    listing = Path(path)
    content = read_yaml(listing)
    if not isinstance(content, dict) or not content:
        raise OptionError(f"{listing}: expected emotions with their sources under them")
    reader = _Reader(listing.parent, packages, retries)
    return [source for name, entries in content.items() for source in reader.read(name, entries)]


class _Reader:
    def __init__(self, base: Path, packages: PackageStore, retries: RetryPolicy) -> None:
        self._base, self._packages, self._retries = base, packages, retries

    def read(self, name: Any, entries: Any) -> Iterator[Source]:
        place = str(name).strip().lower()
        if place != TRACKS and place not in EMOTIONS:
            raise unknown_name("emotion", str(name), (*EMOTIONS, TRACKS))
        for entry in entries if isinstance(entries, list) else [entries]:
            if place == TRACKS:
                yield from self._tracks(self._near(str(entry)))
            else:
                yield self._source(place, entry)

    def _source(self, emotion: str, entry: Any) -> Source:
        if isinstance(entry, str):
            entry = {"url" if "://" in entry else "path": entry}
        if not isinstance(entry, dict):
            raise OptionError(f"a source is an address, a path or a mapping, not {entry!r}")
        entry = dict(entry)
        synthetic = bool(entry.pop("synthetic", False))
        details = {name: str(entry.pop(name)) for name in DETAILS[:-1] if name in entry}
        if set(entry) == {"url"}:
            return WebSource(str(entry["url"]), emotion, details, synthetic, self._retries)
        if set(entry) == {"path"}:
            return LocalSource(self._near(str(entry["path"])), emotion, details, synthetic)
        if {"package", "path"} <= set(entry) <= {"package", "path", "member"}:
            return self._debian(entry | {"emotion": emotion}, details)
        raise OptionError(
            f"a source has url, or path, or package and path (and member), not {sorted(entry)}"
        )

    def _debian(self, entry: dict[str, Any], details: dict[str, str]) -> DebianSource:
        package = str(entry["package"])
        if package.endswith(".deb"):
            package = str(self._near(package))
        member = str(entry.get("member") or "")
        where = (package, str(entry["path"]), str(entry["emotion"]), member)
        return DebianSource(self._packages, *where, details)

    def _tracks(self, path: Path) -> Iterator[Source]:
        table = read_csv(path)
        for name in _COLUMNS:
            if name not in table.columns:
                found = ", ".join(table.columns)
                raise OptionError(f"{path}: has no column {name!r}; its columns: {found}")
        for row in table.rows:
            empty = [name for name in _COLUMNS if not row.cells[name]]
            if empty:
                raise OptionError(f"{path}, line {row.line}: has no {', '.join(empty)}")
            emotion = row.cells["emotion"].strip().lower()
            if emotion not in EMOTIONS:
                raise unknown_name("emotion", row.cells["emotion"], EMOTIONS)
            yield self._debian({**row.cells, "emotion": emotion}, {})

    def _near(self, path: str) -> Path:
        return self._base / Path(path).expanduser()
