"""Who may call: keys for callers of other machines, and how often anybody may."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from enum import StrEnum

import sqlalchemy as sa

from moodprint.errors import OptionError
from moodprint.plain_text import one_line
from moodprint.service.store.database import Database
from moodprint.service.store.tables import ApiKey

_KEY_BYTES = 32
"""256 random bits: nobody guesses that, so a plain SHA-256 keeps it, as it would no password."""

_PREFIX = "mp_"
"""By which a scanner for leaked secrets knows a key."""

_MOST_CALLERS = 10_000


class Scope(StrEnum):
    """What a key allows."""

    READ = "read"
    WRITE = "write"


class Keys:
    """The keys in a database: of each its name, its scope and its SHA-256."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, scope: Scope) -> str:
        """A new key, which is told this once.

        Raises:
            OptionError: there is one of that name already, or the name is empty.
        """
        plain = one_line(name)[:100]
        if not plain:
            raise OptionError("a key has a name")
        key = _PREFIX + secrets.token_urlsafe(_KEY_BYTES)
        try:
            with self._database.writing() as session:
                session.add(ApiKey(name=plain, digest=_digest(key), scope=scope))
        except sa.exc.IntegrityError as error:
            raise OptionError(f"there is a key named {plain!r} already") from error
        return key

    def all(self) -> Sequence[ApiKey]:
        """Every key, by name; none of them can be read."""
        with self._database.reading() as session:
            return session.scalars(sa.select(ApiKey).order_by(ApiKey.name)).all()

    def remove(self, name: str) -> None:
        """It opens nothing any more. Raises OptionError where there is none of that name."""
        with self._database.writing() as session:
            key = session.scalar(sa.select(ApiKey).where(ApiKey.name == name))
            if key is None:
                raise OptionError(f"there is no key named {name!r}")
            session.delete(key)

    def scope_of(self, key: str) -> Scope | None:
        """What a key allows; None where it is not known."""
        with self._database.reading() as session:
            found = session.scalar(sa.select(ApiKey.scope).where(ApiKey.digest == _digest(key)))
        return None if found is None else Scope(found)


class RateLimit:
    """A token bucket a caller: ``per_minute`` calls on average, and as many at once."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, caller: str) -> float:
        """0 for a call that may go on, which is counted; else in how many seconds one may."""
        now = time.monotonic()
        with self._lock:
            left, last = self._buckets.pop(caller, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - last) * self._per_minute / 60)
            allowed = left >= 1
            self._buckets[caller] = (left - 1 if allowed else left, now)
            while len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._per_minute


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
