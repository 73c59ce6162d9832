"""A client of the service for Python programs: `from moodprint.client import Client`.

client = Client("http://127.0.0.1:8000")
campaign = client.add_collection("spring campaign")
for path in Path("videos").iterdir():
    client.upload(path, campaign)
for analysis in client.finished(campaign):
    print(analysis["name"], analysis["emotion"])
    timeline = client.answer(analysis["id"])
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from moodprint.errors import MoodprintError
from moodprint.prediction import Timeline

_PAGE = 500


class ServiceError(MoodprintError):
    """The service did not answer, or answered with a problem: its ``status`` (0 without an answer)
    and ``code`` are for programs, the message for people."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code = status, code


class Client:
    """Calls of a service at an address; ``key`` where it asks for one. Every call may raise
    ServiceError. What they give is described by the service's `GET /openapi.json`."""

    def __init__(
        self, address: str = "http://127.0.0.1:8000", key: str | None = None, timeout_s: float = 300
    ) -> None:
        self._address, self._timeout_s = address.rstrip("/"), timeout_s
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}

    def classify(self, path: str | Path) -> dict[str, Any]:
        """The emotion of a file at once; nothing is kept."""
        return self._json("POST", "/classify", *_form(Path(path), {}))

    def add_collection(self, name: str) -> str:
        """The id of a new collection."""
        body = json.dumps({"name": name}).encode()
        made = self._json("POST", "/api/collections", body, "application/json")
        return str(made["id"])

    def upload(
        self, path: str | Path, collection: str | None = None, name: str | None = None
    ) -> dict[str, Any]:
        """Keep a file and queue its analysis: the analysis in short."""
        fields = {"collection": collection, "name": name}
        given = {key: value for key, value in fields.items() if value is not None}
        return self._json("POST", "/api/analyses", *_form(Path(path), given))

    def fetch(self, collection: str, place: str) -> dict[str, Any]:
        """Have a folder or file of the service's machine brought in, by its path under a served
        folder, or what lies at a web address: the fetch, which ``fetched`` waits for."""
        is_address = place.lower().startswith(("http://", "https://"))
        fields = {"collection": collection, "address" if is_address else "path": place}
        return self._json("POST", "/api/fetches", json.dumps(fields).encode(), "application/json")

    def fetched(
        self, fetch_id: str, every_s: float = 1.0, patience_s: float = float("inf")
    ) -> dict[str, Any]:
        """A fetch when it has ended, done or failed.

        Raises:
            ServiceError: code ``timeout``, it had not after ``patience_s``.
        """
        return self._ended(f"/api/fetches/{fetch_id}", every_s, patience_s)

    def make_music(self, **wish: Any) -> dict[str, Any]:
        """Have music made: ``prompt`` or ``emotion``, and ``engine``, ``seconds``, ``seed`` and so
        on. The piece, queued."""
        body = json.dumps(wish).encode()
        return self._json("POST", "/api/pieces", body, "application/json")

    def music(self, piece_id: str, every_s: float = 1.0, patience_s: float = float("inf")) -> bytes:
        """The FLAC file of a piece, when it is made.

        Raises:
            ServiceError: it was not made, and why; code ``timeout``, it was not yet.
        """
        piece = self._ended(f"/api/pieces/{piece_id}", every_s, patience_s)
        if piece["state"] != "done":
            raise ServiceError(409, piece["error_code"] or piece["state"], piece["error"] or "")
        return self._call("GET", f"/api/pieces/{piece_id}/media")

    def analyses(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """All that fit: ``collection``, ``search``, ``emotion``, ``state``, ``sort`` and so on."""
        offset, total = 0, 1
        while offset < total:
            page = self._json("GET", "/api/analyses", limit=_PAGE, offset=offset, **filters)
            yield from page["items"]
            offset, total = offset + _PAGE, page["total"]

    def finished(
        self, collection: str, every_s: float = 1.0, patience_s: float = float("inf")
    ) -> list[dict[str, Any]]:
        """The analyses of a collection when all have ended, those that failed among them.

        Raises:
            ServiceError: code ``timeout``, they had not after ``patience_s``.
        """
        until = time.monotonic() + patience_s
        while True:
            found = list(self.analyses(collection=collection))
            if all(each["state"] not in ("queued", "running") for each in found):
                return found
            if time.monotonic() > until:
                raise ServiceError(0, "timeout", "the analyses have not ended yet")
            time.sleep(every_s)

    def answer(self, analysis_id: str) -> Timeline:
        """The whole answer."""
        return Timeline.from_dict(self._json("GET", f"/api/analyses/{analysis_id}/answer"))

    def export(self, analysis_id: str, format_name: str) -> bytes:
        """The answer in a format: csv, elan, jams, html and so on."""
        return self._call("GET", f"/api/analyses/{analysis_id}/export/{format_name}")

    def sharing(self, collection: str) -> dict[str, Any]:
        """Which files of a collection share music, and where."""
        return self._json("GET", f"/api/collections/{collection}/sharing")

    def correct(
        self, analysis_id: str, start_s: float, end_s: float, label: str, **more: str
    ) -> dict[str, Any]:
        """Say what a stretch is: an emotion, or ``no-music``; ``note`` and ``author`` if you
        like."""
        fields = {"start_s": start_s, "end_s": end_s, "label": label, **more}
        body = json.dumps(fields).encode()
        path = f"/api/analyses/{analysis_id}/corrections"
        return self._json("POST", path, body, "application/json")

    def remove(self, analysis_id: str) -> None:
        """Delete a file with its answer and corrections."""
        self._call("DELETE", f"/api/analyses/{analysis_id}")

    def _ended(self, path: str, every_s: float, patience_s: float) -> dict[str, Any]:
        """What is at a path when its job has ended."""
        until = time.monotonic() + patience_s
        while True:
            found: dict[str, Any] = self._json("GET", path)
            if found["state"] not in ("queued", "running"):
                return found
            if time.monotonic() > until:
                raise ServiceError(0, "timeout", "the job has not ended yet")
            time.sleep(every_s)

    def _json(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", **query: Any
    ) -> Any:
        return json.loads(self._call(method, path, body, kind, **query))

    def _call(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", **query: Any
    ) -> bytes:
        asked = {key: value for key, value in query.items() if value is not None}
        address = f"{self._address}{path}" + (f"?{urllib.parse.urlencode(asked)}" if asked else "")
        headers = {**self._headers, **({"Content-Type": kind} if kind else {})}
        request = urllib.request.Request(address, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout_s) as response:
                content: bytes = response.read()
                return content
        except urllib.error.HTTPError as error:
            raise _problem(error) from error
        except OSError as error:
            raise ServiceError(0, "no-answer", f"{self._address} does not answer") from error


def _problem(error: urllib.error.HTTPError) -> ServiceError:
    try:
        fields = json.loads(error.read())
        return ServiceError(error.code, str(fields["code"]), str(fields["detail"]))
    except (ValueError, KeyError, TypeError):
        return ServiceError(error.code, "unknown", f"the service answered {error.code}")


def _form(path: Path, fields: dict[str, str]) -> tuple[bytes, str]:
    """A form with a file (RFC 7578), and its type."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    name = path.name.replace("\\", "_").replace('"', "%22").replace("\r", "_").replace("\n", "_")
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    content = path.read_bytes()
    end = f"\r\n--{mark}--\r\n".encode()
    body = b"".join([*parts, head.encode("utf-8", "replace"), content, end])
    return body, f"multipart/form-data; boundary={mark}"
