"""A browser before a service that runs as a process, as a user has them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from service_calls import write_song

_STARTED = "from moodprint.cli.app import main; main()"


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the service keeps."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="package")
def address(data: Path) -> Iterator[str]:
    """Of a service with its worker."""
    command = [sys.executable, "-c", _STARTED, "serve", "--port", "0", "--data", str(data)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        yield found[0]
        server.terminate()


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
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if not (chromium and chromedriver):
        pytest.skip("no chromium and chromedriver here: scripts/install-system brings them")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for word in (
        *("--headless=new", "--disable-gpu", "--no-first-run", "--mute-audio", "--disable-sync"),
        *("--disable-background-networking", "--disable-component-update"),
        *("--autoplay-policy=no-user-gesture-required", "--window-size=1200,900"),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(word)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield driver
    driver.quit()


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
