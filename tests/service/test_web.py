"""Web addresses: the public internet alone, whatever a name, a redirect or a notation says."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_calls import write_song

from moodprint.errors import FetchError
from moodprint.service.web import check_address, fetch_address, is_public

pytest.importorskip("yt_dlp", reason="addresses are fetched by yt-dlp")


def any_loopback(host: str) -> bool:
    """The tests' server, in the place of the public internet."""
    return host == "127.0.0.1"


def nothing(_: str) -> bool:
    return False


@dataclass
class Site:
    """A server; ``moved`` are its redirects, ``asked`` the paths that were asked for."""

    server: ThreadingHTTPServer
    files: dict[str, bytes]
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.server_port}{path}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    write_song(tmp_path / "song.wav", seed=1, seconds=3)
    files = {"/song.wav": (tmp_path / "song.wav").read_bytes(), "/page.html": b"<p>nothing here"}

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            site.asked.append(self.path)
            if self.path in site.moved:
                self.send_response(302)
                self.send_header("Location", site.moved[self.path])
                self.end_headers()
                return
            content = files.get(self.path)
            self.send_response(200 if content else 404)
            kind = "audio/x-wav" if self.path.endswith("wav") else "text/html"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            if content and self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server, files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


def test_a_recording_is_fetched(site: Site, tmp_path: Path) -> None:
    [media] = fetch_address(site.url("/song.wav"), tmp_path / "new", 10**7, any_loopback)
    assert media.path.read_bytes() == site.files["/song.wav"]
    assert media.title == "song"


def test_a_redirect_is_followed_to_where_one_may_go(site: Site, tmp_path: Path) -> None:
    site.moved["/moved"] = site.url("/song.wav")
    assert len(fetch_address(site.url("/moved"), tmp_path / "new", 10**7, any_loopback)) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1"]
)
def test_this_machine_is_not_reached(site: Site, tmp_path: Path, host: str) -> None:
    with pytest.raises(FetchError):
        fetch_address(site.url("/song.wav", host), tmp_path / "new", 10**7)
    assert not site.asked
    assert not (tmp_path / "new").exists()


def first_only(host: str) -> bool:
    """Permits what the first address is, and not where it leads."""
    return host == "127.0.0.1"


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_a_redirect_is_not_followed_to_where_one_may_not_go(
    site: Site, tmp_path: Path, host: str
) -> None:
    site.moved["/moved"] = f"http://{host}:{site.server.server_port}/song.wav"
    with pytest.raises(FetchError):
        fetch_address(site.url("/moved"), tmp_path / "new", 10**7, first_only)
    assert set(site.asked) == {"/moved"}


def test_proxies_of_the_environment_are_not_asked(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, site.url(""))
    with pytest.raises(FetchError):
        fetch_address("http://192.0.2.1/song.wav", tmp_path / "new", 10**7, any_loopback)
    assert not site.asked


@pytest.mark.parametrize("path", ["/page.html", "/nothing.wav"])
def test_what_is_no_recording_is_said(site: Site, tmp_path: Path, path: str) -> None:
    with pytest.raises(FetchError):
        fetch_address(site.url(path), tmp_path / "new", 10**7, any_loopback)


def test_what_is_too_large_is_not_kept(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        fetch_address(site.url("/song.wav"), tmp_path / "new", 10_000, any_loopback)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://host/a.mp3", "song.mp3", "http://", "https://", "http://[", "",
     "http://name:word@host/a.mp3", "http://host/\na.mp3", "ytsearch:song", "data:audio/wav,1"],
)  # fmt: skip
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(FetchError):
        check_address(address)


PRIVATE = (
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254",
    "172.16.0.1", "192.168.1.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1",
    "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::1",
)  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_addresses_that_are_not_public(host: str) -> None:
    assert not is_public(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111"])
def test_addresses_that_are(host: str) -> None:
    assert is_public(host)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_no_more_public_than_it_is_itself(
    inner: ipaddress.IPv4Address,
) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{inner}")
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(inner))
    assert is_public(str(mapped)) == is_public(str(nat64)) == is_public(str(inner))


@given(st.text(max_size=30))
def test_a_name_is_no_public_address(name: str) -> None:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        assert not is_public(name)
