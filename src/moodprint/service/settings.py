"""How the service is set up: by flags of `moodprint serve`, else by the environment."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from moodprint.bundle import DEFAULT
from moodprint.engine import available_cores


class ServiceSettings(BaseSettings):
    """Each may be set by a variable of the environment, ``MOODPRINT_PORT=8001`` and so on.

    ``root`` is a list of folders, in JSON where it comes from the environment.

    Raises:
        ValueError (pydantic's ValidationError): a value that may not be; it names the field.
    """

    model_config = SettingsConfigDict(env_prefix="MOODPRINT_", extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    root: tuple[Path, ...] = ()
    """Folders under which files may be named by their path; none by default."""
    model: str = DEFAULT
    workers: int = Field(default_factory=available_cores, ge=1, le=64)
    """Files that are analysed at a time, each in a process of its own."""
    waiting: int = Field(16, ge=0)
    """Calls that may wait for a worker; more are turned away (503)."""
    most_megabytes: int = Field(500, ge=1)
    """Of a file, named or uploaded."""
    data: Path = Field(default_factory=lambda: _data_home() / "moodprint")
    """The folder of the database and of the media; made where it is missing."""
    database: str | None = None
    """The address of a PostgreSQL database; by default SQLite in the data folder."""
    quota_gigabytes: float = Field(50.0, gt=0)
    """Of all media that are kept."""
    most_files: int = Field(100_000, ge=1)
    """Of all collections."""
    explain: bool = True
    """Whether jobs say why an answer was given, which takes longer."""
    allow_web: bool = False
    """Whether files may be fetched from web addresses (extra ``collect``)."""
    allowed_hosts: tuple[str, ...] = ()
    """Names under which callers of other machines know the service, beside ``host``."""
    calls_per_minute: int = Field(6_000, ge=1)
    """Of each caller: by key, else by address."""
    worker_lost_s: float = Field(30.0, gt=2)
    """A worker that has been silent for so long is lost: another takes over what it had begun."""
    worker_name: str = Field("worker", pattern=r"^[A-Za-z0-9_-]{1,40}$")
    """Tells workers of one database apart: each has its own."""

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if not host.strip():
            raise ValueError("a host has a name or an address")
        return host

    @property
    def is_local(self) -> bool:
        """Whether this machine alone can call."""
        return self.host == "localhost" or _is_loopback_address(self.host)

    @field_validator("root")
    @classmethod
    def _are_folders(cls, root: tuple[Path, ...]) -> tuple[Path, ...]:
        for folder in root:
            if not folder.is_dir():
                raise ValueError(f"{folder} is no folder")
        return tuple(folder.resolve() for folder in root)

    @field_validator("database")
    @classmethod
    def _is_postgresql(cls, database: str | None) -> str | None:
        if database is not None and not database.startswith("postgresql://"):
            raise ValueError("a database has an address that begins with postgresql://")
        return database

    @property
    def database_url(self) -> str:
        """Of our own tables, as SQLAlchemy takes it."""
        return self._url("moodprint.sqlite")

    @property
    def jobs_url(self) -> str:
        """Of the queue: another file, so that neither waits for the other's writers."""
        return self._url("jobs.sqlite")

    def _url(self, file: str) -> str:
        if self.database is None:
            return f"sqlite:///{(self.data / file).absolute()}"
        return self.database.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def most_bytes(self) -> int:
        """``most_megabytes`` in bytes."""
        return self.most_megabytes * 1_000_000


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _data_home() -> Path:
    """After the XDG Base Directory Specification."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
