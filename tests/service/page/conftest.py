"""A browser before a service that runs as a process, as a user has them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium
from service_calls import service_process, write_song


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the service keeps."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="package")
def address(data: Path, songs: Path) -> Iterator[str]:
    """Of a service with its worker, over the folder of songs."""
    with service_process("--data", str(data), "--root", str(songs)) as (_, address):
        yield address


@pytest.fixture(scope="package")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two songs of 12 s, one of them a part of the other, and a file without sound."""
    import soundfile

    folder = tmp_path_factory.mktemp("songs")
    write_song(folder / "song.wav", seed=3, seconds=20)
    sound, rate = soundfile.read(folder / "song.wav")
    soundfile.write(folder / "part.wav", sound[rate * 4 :] * 0.7, rate)
    (folder / "<b>notes<b>.txt").write_text("no sound")
    return folder


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory):
    """Chromium, headless, that finds no host but this machine."""
    profile = tmp_path_factory.mktemp("profile")
    with chromium(profile, "--headless=new", reaches="127.0.0.1", logs=("browser",)) as driver:
        yield driver


@pytest.fixture
def until(browser):
    """Waits for a script to come true."""

    def wait(script: str, seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not browser.execute_script(f"return {script}"):
            assert time.monotonic() < end, f"never came true: {script}"
            time.sleep(0.1)

    return wait


@pytest.fixture(scope="package")
def collection(browser, address: str, songs: Path) -> str:
    """Made on the page, with three files dropped into it, of which two are analysed."""
    browser.get(address)
    browser.find_element("name", "name").send_keys("campaign <i>\n")
    files = browser.find_element("id", "files")
    browser.execute_script("arguments[0].hidden = false", files)
    files.send_keys("\n".join(str(path) for path in sorted(songs.iterdir())))
    end = time.monotonic() + 90
    while len(browser.find_elements("css selector", "li.file.done")) < 2:
        assert time.monotonic() < end, browser.find_element("id", "list").text
        time.sleep(0.2)
    while not browser.find_elements("css selector", "#sharing .tracks"):
        assert time.monotonic() < end, "no shared music is shown"
        time.sleep(0.2)
    return browser.current_url


@pytest.fixture(scope="package")
def piece(browser, address: str, collection: str) -> str:
    """The id of a piece of music, made on the page; one failed beside it."""
    browser.get(f"{address}/music")
    for prompt in ("sad cello, 60 bpm", "zorblax"):
        seconds, words = (browser.find_element("name", name) for name in ("seconds", "prompt"))
        seconds.clear()
        seconds.send_keys("2")
        words.clear()
        words.send_keys(f"{prompt}\n")
    end = time.monotonic() + 120
    while not browser.find_elements("css selector", ".piece.done audio"):
        assert time.monotonic() < end, browser.find_element("id", "pieces").text
        time.sleep(0.2)
    [done] = browser.find_elements("css selector", ".piece.done")
    return str(done.get_attribute("id")).removeprefix("piece-")


@pytest.fixture
def file(browser, collection: str, until) -> str:
    """The page of the song, ready."""
    browser.get(collection)
    until("document.querySelectorAll('li.file.done').length === 2")
    [link] = [
        each.get_attribute("href")
        for each in browser.find_elements("css selector", "li.file a")
        if each.text == "song.wav"
    ]
    browser.get(link)
    until("document.getElementById('player').dataset.ready === 'true'")
    until("document.getElementById('media').readyState > 0")
    return link
