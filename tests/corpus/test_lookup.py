"""What AcoustID and Shazam answer, by stand-ins that speak as they do."""

import gzip
import json
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.corpus.lookup import AcoustID, Recognised, Shazam, same_recordings
from moodprint.errors import FetchError

RATE = 16_000
KNOWN = {
    "status": "ok",
    "results": [
        {
            "id": "9ff43b6a-4f16-427c-93c2-92307ca505e0",
            "score": 0.93,
            "recordings": [
                {
                    "id": "cd2e7c47-16f5-46c6-a37c-a1eb7bf599ff",
                    "title": "Teenage Riot",
                    "artists": [{"id": "a", "name": "Sonic Youth"}],
                }
            ],
        },
        {"id": "1", "score": 0.2, "recordings": [{"id": "unlikely"}]},
    ],
}
"""The form of https://acoustid.org/webservice, method lookup with meta=recordings."""

SHAZAM = {
    "matches": [{"id": "11180294", "offset": 8.2, "timeskew": 0.0, "frequencyskew": 0.0}],
    "timestamp": 1,
    "tagid": "AA",
    "track": {"layout": "5", "type": "MUSIC", "key": "11180294", "title": "Riot", "subtitle": "SY"},
}


@pytest.fixture
def clip():
    at = np.arange(20 * RATE) / RATE
    return Clip((0.4 * np.sin(2 * np.pi * (200 + 20 * at) * at)).astype(np.float32), RATE)


@pytest.fixture
def acoustid_server():
    """Answers with what ``answers`` holds, in turn; keeps what it was asked."""
    asked, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            asked.append((self.path, parse_qs(body.decode())))
            status, answer = answers.pop(0)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v2/", asked, answers
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not shutil.which("fpcalc"), reason="needs fpcalc (libchromaprint-tools)")
class TestAcoustID:
    @pytest.fixture(autouse=True)
    def _needs(self):
        pytest.importorskip("acoustid")

    def test_a_known_song(self, clip, acoustid_server):
        url, asked, answers = acoustid_server
        answers.append((200, KNOWN))
        (found,) = AcoustID("key", url).recognise(clip)
        names = ("cd2e7c47-16f5-46c6-a37c-a1eb7bf599ff", "Teenage Riot", "Sonic Youth")
        assert found == Recognised("acoustid", *names, 0.93)
        ((path, question),) = asked
        assert path == "/v2/lookup"
        assert question["client"] == ["key"]
        assert question["duration"] == ["20"]
        assert question["fingerprint"][0].startswith("AQ")

    def test_an_unknown_song(self, clip, acoustid_server):
        url, _, answers = acoustid_server
        answers.append((200, {"status": "ok", "results": []}))
        assert AcoustID("key", url).recognise(clip) == ()

    def test_a_refusal(self, clip, acoustid_server):
        url, _, answers = acoustid_server
        answers.append((400, {"status": "error", "error": {"code": 4, "message": "invalid key"}}))
        with pytest.raises(FetchError, match="AcoustID"):
            AcoustID("wrong", url).recognise(clip)

    def test_no_server(self, clip):
        with pytest.raises(FetchError, match="AcoustID"):
            AcoustID("key", "http://127.0.0.1:9/").recognise(clip)


class TestShazam:
    @pytest.fixture(autouse=True)
    def _needs(self):
        pytest.importorskip("shazamio")

    def client(self, answer):
        class Client:
            def __init__(self):
                self.asked = []

            async def request(self, method, url, **options):
                self.asked.append((method, url, options["json"]))
                if isinstance(answer, Exception):
                    raise answer
                return answer

        return Client()

    def test_a_known_song(self, clip):
        client = self.client(SHAZAM)
        assert Shazam(client).recognise(clip) == (
            Recognised("shazam", "11180294", "Riot", "SY"),
        )  # fmt: skip
        ((method, url, question),) = client.asked
        assert method == "POST"
        assert "/tag/" in url
        assert question["signature"]["uri"].startswith("data:audio/vnd.shazam.sig")

    def test_an_unknown_song_and_no_network(self, clip):
        unknown = {"matches": [], "timestamp": 1, "tagid": "AA"}
        assert Shazam(self.client(unknown)).recognise(clip) == ()
        with pytest.raises(FetchError, match="Shazam: down"):
            Shazam(self.client(ConnectionError("down"))).recognise(clip)


def test_songs_of_the_same_name_are_the_same():
    one, two = Recognised("acoustid", "x", score=0.9), Recognised("acoustid", "x", score=0.7)
    other = Recognised("shazam", "x")
    (found,) = same_recordings({"a": [one], "b": [two, other], "c": [], "d": [other, two][:0]})
    assert (found.first, found.second, found.score) == ("a", "b", 0.7)
