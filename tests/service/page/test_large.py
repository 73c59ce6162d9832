"""2,000 files, and an hour in one: the page answers at once, and stays in step to the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_service import add_hour, fill
from selenium.webdriver import ActionChains

from moodprint.service.store.database import Database

pytestmark = pytest.mark.long

_PATIENCE_MS = 2000
"""No task of the page takes longer, though the machine be busy: without outlines it was 14,000."""


@pytest.fixture(scope="module")
def database(address: str, data: Path) -> Iterator[Database]:
    """Of the service that runs."""
    database = Database(f"sqlite:///{data / 'moodprint.sqlite'}")
    yield database
    database.close()


def _longest_task_ms(browser) -> float:
    return browser.execute_script(
        "return Math.max(0, ...(window.seen ?? []).map((each) => each.duration))"
    )


def _watch(browser, address: str) -> None:
    """Every task of a page that takes 50 ms or longer is written down, from its start on."""
    watch = (
        "new PerformanceObserver((list) => { window.seen = [...(window.seen ?? []), "
        "...list.getEntries()]; }).observe({type: 'longtask', buffered: true})"
    )
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})


def test_two_thousand_files(browser, address: str, database: Database, until) -> None:
    collection = fill(database, 2000)
    _watch(browser, address)
    began = time.monotonic()
    browser.get(f"{address}/collections/{collection}")
    until("document.querySelectorAll('li.file').length === 50")
    until("document.querySelector('#overview .moments')")
    assert time.monotonic() - began < 10
    browser.find_element("css selector", "button.more").click()
    until("document.querySelectorAll('li.file').length === 100")
    assert browser.find_element("id", "found").text == "2000 files"
    browser.find_element("id", "search").send_keys("1999")
    until("document.querySelectorAll('li.file').length === 1")
    browser.find_element("css selector", "#overview a[data-value=failed]").click()
    until("document.getElementById('found').textContent === '200 files'")
    until("document.querySelectorAll('li.file.failed').length === 50")
    assert _longest_task_ms(browser) < _PATIENCE_MS


def test_an_hour_in_step_to_its_end(
    browser, address: str, database: Database, data: Path, until
) -> None:
    analysis = add_hour(database, data)
    _watch(browser, address)
    browser.get(f"{address}/analyses/{analysis}#t=3570")
    until("document.getElementById('player').dataset.ready === 'true'")
    until("document.getElementById('media').currentTime === 3570")
    assert browser.find_element("id", "clock").text == "59:30"
    for _ in range(5):
        browser.find_element("id", "zoom-in").click()
    wave = browser.find_element("id", "wave")
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 200))")
    # The sound clicks each minute: columns of the waveform that reach this high.
    shown = browser.execute_script(
        "const canvas = document.getElementById('wave');"
        "const pen = canvas.getContext('2d');"
        "const tall = [];"
        "for (let x = 0; x < canvas.width; x += 1) {"
        "  const column = pen.getImageData(x, canvas.height * 0.2, 1, 1).data[3];"
        "  if (column) tall.push(x / canvas.width);"
        "} return tall"
    )
    length = 3600 / 2**5
    start = 3570 * (1 - 1 / 2**5)  # what is heard stays where it was
    places = {round(start + share * length) for share in shown}
    assert places == {3480, 3540, 3570}, "two clicks, and where the file is heard"
    ActionChains(browser).move_to_element_with_offset(wave, 0, 0).click().perform()
    until(f"Math.abs(document.getElementById('media').currentTime - {start + length / 2}) < 0.5")
    browser.find_element("tag name", "body").send_keys("f")
    browser.find_element("id", "play").click()
    until("!document.getElementById('media').paused")
    time.sleep(1)
    browser.find_element("id", "play").click()
    assert _longest_task_ms(browser) < _PATIENCE_MS
