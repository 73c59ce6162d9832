"""The whole way by keys alone: find a file, hear it, say what it is, take its answer away."""

from __future__ import annotations

import urllib.request

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.long


def _press(browser, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def _tab_to(browser, wanted: str, most: int = 80) -> None:
    """Tab until what has the focus is so named; it is in sight, and shown to have the focus."""
    focused = (
        "const at = document.activeElement; const box = at.getBoundingClientRect();"
        "return [at.getAttribute('aria-label') ?? at.textContent.trim(),"
        "at.matches(':focus-visible'), box.top >= -1 && box.top < innerHeight,"
        "getComputedStyle(at).outlineStyle]"
    )
    seen = []
    for _ in range(most):
        _press(browser, Keys.TAB)
        name, is_marked, is_in_sight, outline = browser.execute_script(focused)
        seen.append(name)
        if name == wanted:
            assert is_marked
            assert is_in_sight
            assert outline != "none"
            return
    raise AssertionError(f"{wanted!r} is not reached: {seen}")


def test_find_hear_correct_export(browser, collection: str, until) -> None:
    browser.get(collection)
    until("document.querySelectorAll('li.file.done').length === 2")
    _press(browser, "/", "song", Keys.ENTER)
    until("document.querySelectorAll('li.file').length === 1")
    _tab_to(browser, "song.wav")
    _press(browser, Keys.ENTER)
    until("document.getElementById('player')?.dataset.ready === 'true'")
    until("document.getElementById('media').readyState > 0")
    _tab_to(browser, "Play")
    _press(browser, " ")
    until("document.getElementById('media').currentTime > 0.3")
    _press(browser, " ")
    until("document.getElementById('media').paused")
    _tab_to(browser, "Place in the file")
    _press(browser, Keys.HOME, Keys.ARROW_RIGHT)
    until("document.getElementById('media').currentTime === 5")
    _press(browser, "i")
    _tab_to(browser, "End of the selection")
    shifted = ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT)
    shifted.key_up(Keys.SHIFT).perform()
    until("document.querySelector('[name=end_s]').value === '11.00'")
    _press(browser, "5", "s")
    until("document.querySelectorAll('#corrections li').length === 1")
    until("document.getElementById('said').textContent === 'The correction is kept.'")
    assert "sad" in browser.find_element("css selector", "#corrections b").text
    _tab_to(browser, "Take back sad at 0:05")
    _press(browser, Keys.ENTER)
    until("document.querySelectorAll('#corrections li').length === 0")
    browser.refresh()
    _tab_to(browser, "Exports")
    _press(browser, Keys.ENTER)
    _tab_to(browser, "csv")
    with urllib.request.urlopen(
        browser.execute_script("return document.activeElement.href")
    ) as response:
        assert b"start_s" in response.read()
