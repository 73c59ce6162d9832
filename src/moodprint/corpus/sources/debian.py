"""Music in Debian packages: downloaded by apt-get, unpacked by dpkg-deb, never installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from moodprint.corpus.sources.item import Fetched, Item
from moodprint.errors import FetchError, OptionError

_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
"""Debian Policy 5.6.1. So a name is never an option of apt-get, nor a path."""
_ARCHIVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9+.~%_-]*")
"""NAME_VERSION_ARCHITECTURE of a .deb file, which becomes the name of a folder."""
_MOST_BYTES = 4 << 30
"""More than a day of FLAC: an archive's member that unpacks to more is no song."""
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class PackageStore:
    """A folder in which each package is unpacked once, under its name."""

    folder: Path

    def unpacked(self, package: str) -> Path:
        """The files of a package, as they would lie under /.

        ``package`` is the name of one, or the path of a .deb file.

        Raises:
            FetchError: it cannot be downloaded or unpacked, or the programs are missing.
            OptionError: it is neither.
        """
        check_package(package)
        name = Path(package).stem if package.endswith(".deb") else package
        place = self.folder / name
        if place.is_dir():
            return place
        self.folder.mkdir(parents=True, exist_ok=True)
        archive = Path(package) if package.endswith(".deb") else self._downloaded(package)
        unfinished = self.folder / f".{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        _call(["dpkg-deb", "-x", str(archive.resolve()), str(unfinished.resolve())], self.folder)
        unfinished.replace(place)
        return place

    def _downloaded(self, package: str) -> Path:
        _call(["apt-get", "download", "--quiet", package], self.folder)
        found = sorted(self.folder.glob(f"{package}_*.deb"))
        if not found:
            raise FetchError(f"Debian package {package}: apt-get left no .deb file")
        return found[-1]


@dataclass(frozen=True)
class DebianSource:
    """One file of a package, or (``member``) one of a zip archive in it, such as a .pk3.

    Raises:
        OptionError: no name of a package, or a path or member that could lead out of it.
    """

    store: PackageStore
    package: str
    path: str
    emotion: str
    member: str = ""
    details: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_package(self.package)
        _check_inner("path", self.path)
        if self.member:
            _check_inner("member", self.member)

    @property
    def name(self) -> str:
        """Package, path and member."""
        return ":".join(part for part in (self.package, self.path, self.member) if part)

    def items(self) -> Iterator[Item]:
        """The one file."""
        licence = {"licence": f"see the copyright file of the Debian package {self.package}"}
        yield Item(f"debian:{self.name}", self.emotion, self._fetch, licence | self.details)

    def _fetch(self, folder: Path) -> Fetched:
        root = self.store.unpacked(self.package)
        path = root / self.path.lstrip("/")
        if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
            raise FetchError(f"Debian package {self.package}: has no file {self.path}")
        place = folder / PurePosixPath(self.member or self.path).name
        if self.member:
            _extract(path, self.member, place)
        else:
            shutil.copyfile(path, place)
        return Fetched(place)


def check_package(package: str) -> None:
    """Raises OptionError for what is neither the name of a Debian package nor a .deb file."""
    if package.endswith(".deb"):
        if not _ARCHIVE.fullmatch(Path(package).stem):
            raise OptionError(f"{package!r}: is no name that a Debian archive has")
    elif not _PACKAGE.fullmatch(package):
        raise OptionError(
            f"{package!r}: is no name of a Debian package (two or more of a-z 0-9 + . -, the "
            "first a letter or digit)"
        )


def _check_inner(kind: str, path: str) -> None:
    """Refuse what does not name a file below the root of a package."""
    parts = path.strip("/").split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in path:
        raise OptionError(f"{path!r}: the {kind} names a file in a package, without '.' or '..'")


def _extract(archive: Path, member: str, place: Path) -> None:
    try:
        with (
            zipfile.ZipFile(archive) as files,
            files.open(member) as source,
            place.open("wb") as to,
        ):
            while block := source.read(_BLOCK_BYTES):
                to.write(block)
                if to.tell() > _MOST_BYTES:
                    raise FetchError(f"{archive.name}: {member} holds more than 4 GiB")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        # not implemented: an unknown compression; at run time: it wants a password
        raise FetchError(f"{archive.name}: gives no {member} ({error})") from error


def _call(words: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise FetchError(f"{words[0]} is not installed; Debian packages need it") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise FetchError(f"{' '.join(words[:3])} failed: {lines[-1]}")
