"""Small made-up music that the tests of a corpus share, and a web site that offers some."""

from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
import soundfile

RATE = 16_000


def tune(seconds, seed):
    """Chords that change twice a second, each with its stroke; another seed, another tune."""
    random = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE)) / RATE
    chords = random.integers(48, 84, (int(seconds * 2) + 1, 3))
    hz = (440 * 2 ** ((chords - 69) / 12))[(at * 2).astype(int)]
    strokes = 0.4 + 0.6 * np.exp(-3 * (at % 0.5))
    return 0.5 * strokes * np.sin(2 * np.pi * hz.T * at).mean(axis=0)


def compilation(path, seeds, seconds=12, pause_s=1.3):
    """A file of tunes, one for each seed, with silence between them."""
    parts = []
    for seed in seeds:
        parts += [tune(seconds, seed), np.zeros(round(pause_s * RATE))]
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.concatenate(parts[:-1]), RATE)
    return path


@pytest.fixture(scope="session")
def recordings(tmp_path_factory):
    """Three recordings of two emotions and one that cannot be read; tune 1 is on both sides."""
    root = tmp_path_factory.mktemp("recordings")
    compilation(root / "happy" / "mix.flac", (1, 2))
    compilation(root / "sad" / "mix.wav", (3, 1))
    compilation(root / "sad" / "Rain (Official Video).wav", (4,))
    (root / "sad" / "broken.mp3").write_bytes(b"no music at all")
    return root


class Site:
    """A web site on loopback: files by path, each with refusals to be made before it is served.

    A refusal is a status (with Retry-After: 1 where it is 429) or "drop", which breaks the
    connection in the middle of the file.
    """

    def __init__(self):
        self.files, self.refusals, self.asked, self.sent = {}, {}, Counter(), Counter()
        self.open()

    def open(self, port=0):
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self):
                site.answer(self, body=False)

            def do_GET(self):
                site.answer(self, body=True)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, request, body):
        path = request.path
        content, kind = self.files.get(path, (None, ""))
        refusals = self.refusals.get(path, [])
        self.asked[path] += 1
        if content is None:
            return self._refuse(request, 404)
        refusal = refusals.pop(0) if refusals and body else None
        if isinstance(refusal, int):
            return self._refuse(request, refusal)
        span = request.headers.get("Range", "")
        first = int(span.removeprefix("bytes=").split("-")[0]) if span else 0
        part = content[first:]
        request.send_response(206 if span else 200)
        if span:
            last = f"bytes {first}-{len(content) - 1}/{len(content)}"
            request.send_header("Content-Range", last)
        request.send_header("Accept-Ranges", "bytes")
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(part)))
        request.end_headers()
        if body:
            part = part[: len(part) // 2] if refusal == "drop" else part
            self.sent[path] += len(part)
            request.wfile.write(part)
        if refusal == "drop":
            request.close_connection = True
            request.connection.close()
        return None

    def _refuse(self, request, status):
        request.send_response(status)
        if status == 429:
            request.send_header("Retry-After", "1")
        request.send_header("Content-Length", "0")
        request.end_headers()


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="session")
def mix_bytes(tmp_path_factory):
    """An mp3 compilation of two tunes, as bytes."""
    return compilation(tmp_path_factory.mktemp("mix") / "mix.mp3", (1, 2)).read_bytes()
