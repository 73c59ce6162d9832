"""What stands before every call: its host, its key, its size, how often it comes, what browsers
may do."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moodprint.service.access import RateLimit
from moodprint.service.access import Scope as KeyScope
from moodprint.service.problems import Problem
from moodprint.service.roots import too_large

_FORM_BYTES = 100_000
"""Beside the file: the boundaries and headers of a form."""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all a form's Origin would be "null"
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""After OWASP's list of secure headers; answers are JSON, so a page of them may load nothing."""

COOKIE = "moodprint_key"
"""In which a browser keeps the key that was given on the page for it."""

_OPEN = ("/health", "/ready", "/login", "/static/")
"""What needs no key: whether the service lives, and the page that asks for a key."""

_READING = ("GET", "HEAD")
_KEEPS_NOTHING = "/classify"


class KeyRing(Protocol):
    """Where keys are looked up."""

    def scope_of(self, key: str) -> KeyScope | None:
        """What a key allows; None where it is not known."""


@dataclass(frozen=True)
class Rules:
    """What the guards hold to: the hosts that are ours beside the loopback's, the keys that are
    asked for (None: no key is), the largest file, and how many calls a caller has in a minute."""

    most_bytes: int
    hosts: tuple[str, ...] = ()
    keys: KeyRing | None = None
    calls_per_minute: int = 6_000


class Guards:
    """ASGI middleware: a Host that is not ours is refused (DNS rebinding), a web page of another
    origin too, a call without a key where keys are asked for, a caller who comes too often; and a
    body larger than allowed is cut off as it comes."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app, self._rules = app, rules
        self._rate = RateLimit(rules.calls_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        refused = await self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return
        await self._app(scope, self._counted(receive), send_guarded)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        problem = self._misdirected(headers) or self._announced_too_large(headers)
        if problem is not None:
            return problem.response()
        key = _key(headers)
        caller = key or (scope.get("client") or ("?",))[0]
        wait_s = self._rate.wait_s(caller)
        if wait_s:
            problem = Problem(429, "too-many-calls", "Too many calls in a minute; wait a little.")
            response = problem.response()
            response.headers["Retry-After"] = str(int(wait_s) + 1)
            return response
        return await self._without_key(scope, headers, key)

    async def _without_key(self, scope: Scope, headers: Headers, key: str) -> Response | None:
        keys, path = self._rules.keys, scope["path"]
        if keys is None or path.startswith(_OPEN):
            return None
        allowed = await run_in_threadpool(keys.scope_of, key) if key else None
        if allowed is None and "text/html" in headers.get("accept", ""):
            return RedirectResponse("/login", status_code=303)
        if allowed is None:
            problem = Problem(401, "no-key", "The call needs a key: Authorization: Bearer KEY.")
            response = problem.response()
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        writes = scope["method"] not in _READING and path != _KEEPS_NOTHING
        if writes and allowed is not KeyScope.WRITE:
            return Problem(403, "read-only", "This key may only read.").response()
        return None

    def _announced_too_large(self, headers: Headers) -> Problem | None:
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > self._rules.most_bytes + _FORM_BYTES:
            return too_large(self._rules.most_bytes)
        return None

    def _counted(self, receive: Receive) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._rules.most_bytes + _FORM_BYTES:
                raise too_large(self._rules.most_bytes)
            return message

        return counted

    def _misdirected(self, headers: Headers) -> Problem | None:
        if not self._is_ours(headers.get("host", "")):
            return Problem(421, "wrong-host", "The Host header names no address of this service.")
        origin = headers.get("origin")
        if origin is not None and not self._is_ours(origin.partition("://")[2]):
            return Problem(
                403, "wrong-origin", "Web pages of other sites may not call this service."
            )
        return None

    def _is_ours(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        return name in ("localhost", "[::1]", *self._rules.hosts) or (
            name.startswith("127.") and name.replace(".", "").isdecimal()
        )


def _key(headers: Headers) -> str:
    """The key of a call: in its Authorization header, else in the cookie of the page; or ''."""
    kind, _, key = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return key.strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookie[COOKIE].value if COOKIE in cookie else ""
