"""Each call counted, timed and logged: Prometheus's metrics, and a line of JSON a call."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("moodprint.calls")

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class CallMetrics:
    """How many calls there were and how long they took, by route, method and status."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.calls = Counter("moodprint_calls", "Calls.", labels, registry=self.registry)
        self.seconds = Histogram(
            "moodprint_call_seconds",
            "How long calls took, in seconds.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )


class Observed:
    """ASGI middleware: an id for each call (``X-Request-ID``, the caller's own where it is plain),
    its metrics, and its line in the log. Addresses are logged by their route, so that no name and
    no key that stands in them gets there."""

    def __init__(self, app: ASGIApp, metrics: CallMetrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        call_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        started, status = time.monotonic(), 500

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = call_id
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            seconds = time.monotonic() - started
            route = getattr(scope.get("route"), "path", None) or "other"
            self._metrics.calls.labels(scope["method"], route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(seconds)
            fields = {"call": call_id, "method": scope["method"], "route": route}
            _log.info("call", extra={"fields": {**fields, "status": status, "s": seconds}})


class JsonLines(logging.Formatter):
    """Records as lines of JSON, in which nothing can forge a line or steer a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {"at": moment, "level": record.levelname, "logger": record.name}
        fields["message"] = record.getMessage()
        fields |= getattr(record, "fields", {})
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def log_to_stderr() -> None:
    """The process's logs as lines of JSON on standard error: all of them where a file or a program
    takes them, warnings and errors alone where a person reads."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    level = logging.WARNING if sys.stderr.isatty() else logging.INFO
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("dbos", "alembic", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
