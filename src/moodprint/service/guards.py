"""What stands before every call: its host, its size, what browsers may do."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moodprint.service.problems import Problem
from moodprint.service.roots import too_large

_FORM_BYTES = 100_000
"""Beside the file: the boundaries and headers of a form."""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""After OWASP's list of secure headers; answers are JSON, so a page of them may load nothing."""


class Guards:
    """ASGI middleware: a Host that is not ours is refused (DNS rebinding), a web page of another
    origin too; a body larger than allowed is cut off as it comes."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app, self._most_bytes = app, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        problem = _misdirected(headers) or self._announced_too_large(headers)
        if problem is not None:
            await problem.response()(scope, receive, send_guarded)
            return
        await self._app(scope, self._counted(receive), send_guarded)

    def _announced_too_large(self, headers: Headers) -> Problem | None:
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > self._most_bytes + _FORM_BYTES:
            return too_large(self._most_bytes)
        return None

    def _counted(self, receive: Receive) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most_bytes + _FORM_BYTES:
                raise too_large(self._most_bytes)
            return message

        return counted


def _misdirected(headers: Headers) -> Problem | None:
    if not _is_this_machine(headers.get("host", "")):
        return Problem(421, "wrong-host", "The Host header names no address of this service.")
    origin = headers.get("origin")
    if origin is not None and not _is_this_machine(origin.partition("://")[2]):
        return Problem(403, "wrong-origin", "Web pages of other sites may not call this service.")
    return None


def _is_this_machine(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return name in ("localhost", "[::1]") or (
        name.startswith("127.") and name.replace(".", "").isdecimal()
    )
