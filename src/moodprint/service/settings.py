"""How the service is set up: by flags of `moodprint serve`, else by the environment."""

from __future__ import annotations

import ipaddress
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

    @field_validator("host")
    @classmethod
    def _is_loopback(cls, host: str) -> str:
        if host != "localhost" and not _is_loopback_address(host):
            raise ValueError(
                f"{host!r} is no address of this machine's loopback; the service has no keys yet, "
                "so it answers this machine alone"
            )
        return host

    @field_validator("root")
    @classmethod
    def _are_folders(cls, root: tuple[Path, ...]) -> tuple[Path, ...]:
        for folder in root:
            if not folder.is_dir():
                raise ValueError(f"{folder} is no folder")
        return tuple(folder.resolve() for folder in root)

    @property
    def most_bytes(self) -> int:
        """``most_megabytes`` in bytes."""
        return self.most_megabytes * 1_000_000


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
