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

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from moodprint.corpus.recording import DETAILS
from moodprint.corpus.sources.debian import DebianSource, PackageStore
from moodprint.corpus.sources.item import Source
from moodprint.corpus.sources.local import LocalSource
from moodprint.corpus.sources.web import RetryPolicy, WebSource
from moodprint.emotion import EMOTIONS
from moodprint.errors import MissingFileError, OptionError, unknown_name

TRACKS = "tracks"
_COLUMNS = ("package", "path", "emotion")


def read_sources(path: str | Path, packages: PackageStore, patience: RetryPolicy) -> list[Source]:
    """The sources of a list, in its order. Relative paths are meant from the list's folder.

    Raises:
        MissingFileError: no such list. OptionError: it is not written as shown above.
    """
    listing = Path(path)
    try:
        content = yaml.safe_load(listing.read_text("utf-8"))
    except FileNotFoundError:
        raise MissingFileError(f"{listing}: does not exist") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise OptionError(f"{listing}: is no YAML ({error})") from error
    if not isinstance(content, dict) or not content:
        raise OptionError(f"{listing}: expected emotions with their sources under them")
    reader = _Reader(listing.parent, packages, patience)
    return [source for name, entries in content.items() for source in reader.read(name, entries)]


class _Reader:
    def __init__(self, base: Path, packages: PackageStore, patience: RetryPolicy) -> None:
        self._base, self._packages, self._patience = base, packages, patience

    def read(self, name: str, entries: Any) -> Iterator[Source]:
        if name != TRACKS and name not in EMOTIONS:
            raise unknown_name("emotion", str(name), (*map(str, EMOTIONS), TRACKS))
        for entry in entries if isinstance(entries, list) else [entries]:
            if name == TRACKS:
                yield from self._tracks(self._near(str(entry)))
            else:
                yield self._source(str(name), entry)

    def _source(self, emotion: str, entry: Any) -> Source:
        if isinstance(entry, str):
            entry = {"url" if "://" in entry else "path": entry}
        if not isinstance(entry, dict):
            raise OptionError(f"a source is an address, a path or a mapping, not {entry!r}")
        entry = dict(entry)
        synthetic = bool(entry.pop("synthetic", False))
        details = {name: str(entry.pop(name)) for name in DETAILS[:-1] if name in entry}
        if set(entry) == {"url"}:
            return WebSource(str(entry["url"]), emotion, details, synthetic, self._patience)
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
        try:
            with path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
        except FileNotFoundError:
            raise MissingFileError(f"{path}: does not exist") from None
        for row in rows:
            if any(not row.get(name) for name in _COLUMNS) or row["emotion"] not in EMOTIONS:
                raise OptionError(f"{path}: expected {', '.join(_COLUMNS)} in each row, not {row}")
            yield self._debian(row, {})

    def _near(self, path: str) -> Path:
        return self._base / Path(path).expanduser()
