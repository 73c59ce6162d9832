"""A folder of the service's machine, brought in on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.long


def test_a_folder_is_brought_in_by_keys_alone(browser, address: str, songs: Path, until) -> None:
    browser.get(address)
    browser.find_element("name", "name").send_keys("by path\n")
    until("document.getElementById('source')")
    browser.find_element("tag name", "body").send_keys("b")
    assert browser.switch_to.active_element.get_attribute("id") == "source"
    browser.switch_to.active_element.send_keys(".\n")
    until("document.querySelector('#fetches li.done')", seconds=40)
    assert "2 of 2 files brought in" in browser.find_element("id", "fetches").text
    until("document.querySelectorAll('li.file').length === 2")


def test_what_is_not_there_is_said(browser, address: str, until) -> None:
    browser.get(address)
    browser.find_element("name", "name").send_keys("nothing\n")
    until("document.getElementById('source')")
    browser.find_element("id", "source").send_keys("<b>nowhere</b>\n")
    until("document.querySelector('#fetches [role=alert]')")
    assert "No such file or folder" in browser.find_element("id", "fetches").text
