"""The page as a person uses it: upload, follow, listen, correct, export; by keys too."""

from __future__ import annotations

import json
import time
import urllib.request

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.long


def _value(browser, script: str):
    return browser.execute_script(f"return {script}")


def test_a_collection_shows_what_its_files_say(browser, collection: str, until) -> None:
    browser.get(collection)
    until("document.querySelectorAll('li.file').length === 3")
    assert browser.find_element("css selector", "h1").text == "campaign <i>"
    assert len(browser.find_elements("css selector", "li.file .strip rect")) >= 2
    failed = browser.find_element("css selector", "li.file.failed")
    assert "<b>notes<b>.txt" in failed.text
    assert "no audio or video" in failed.text
    until("document.querySelector('#overview .bar rect')")
    until("document.querySelectorAll('#sharing .tracks .listen').length === 2")
    assert _value(browser, "document.querySelectorAll('b').length") == 0, "names are no markup"
    assert _value(browser, "document.getElementById('queue').hidden")


def test_the_list_is_filtered_and_the_csv_follows(browser, collection: str, until) -> None:
    browser.get(collection)
    until("document.querySelectorAll('li.file').length === 3")
    browser.find_element("id", "search").send_keys("part")
    until("document.querySelectorAll('li.file').length === 1")
    href = browser.find_element("id", "csv").get_attribute("href")
    with urllib.request.urlopen(href) as response:
        lines = response.read().decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("part.wav,done,")


def test_a_passage_is_heard_and_stops(browser, collection: str, until) -> None:
    browser.get(collection)
    until("document.querySelector('#sharing .listen')")
    button = browser.find_element("css selector", "#sharing .listen")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"


def test_the_timeline_keeps_step_with_the_sound(browser, file: str, until) -> None:
    browser.find_element("id", "play").click()
    until("document.getElementById('media').currentTime > 0.5")
    browser.find_element("id", "play").click()
    until("document.getElementById('media').paused")
    now, shown = _value(
        browser,
        "[document.getElementById('media').currentTime,"
        "Number(document.getElementById('wave').getAttribute('aria-valuenow'))]",
    )
    assert shown == pytest.approx(now, abs=0.2)
    assert browser.find_element("id", "here").text


def test_a_click_seeks_and_a_drag_selects(browser, file: str, until) -> None:
    wave = browser.find_element("id", "wave")
    width = wave.size["width"]
    ActionChains(browser).move_to_element_with_offset(wave, 0, 0).click().perform()
    until("Math.abs(document.getElementById('media').currentTime - 10) < 0.3")
    before = _value(browser, "document.getElementById('media').currentTime")
    drag = ActionChains(browser).move_to_element_with_offset(wave, -width // 4, 0)
    drag.click_and_hold().move_by_offset(width // 4, 0).release().perform()
    start = float(browser.find_element("name", "start_s").get_attribute("value"))
    end = float(browser.find_element("name", "end_s").get_attribute("value"))
    assert (start, end) == (pytest.approx(5, abs=0.3), pytest.approx(10, abs=0.3))
    assert _value(browser, "document.getElementById('media').currentTime") == before
    edge = browser.find_element("id", "edge-end")
    ActionChains(browser).drag_and_drop_by_offset(edge, width // 4, 0).perform()
    moved = float(browser.find_element("name", "end_s").get_attribute("value"))
    assert moved == pytest.approx(15, abs=0.4)
    assert _value(browser, "document.getElementById('media').currentTime") == before
    edge.send_keys(Keys.ARROW_LEFT)
    nudged = float(browser.find_element("name", "end_s").get_attribute("value"))
    assert nudged == pytest.approx(moved - 0.1, abs=0.02)


def test_zoom_by_wheel_and_keys_and_back(browser, file: str) -> None:
    wave = browser.find_element("id", "wave")
    pixels = "document.getElementById('wave').toDataURL()"
    whole = _value(browser, pixels)
    browser.execute_script(
        "arguments[0].dispatchEvent(new WheelEvent('wheel', "
        "{deltaY: -400, clientX: 500, cancelable: true}))",
        wave,
    )
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 50))")
    assert _value(browser, pixels) != whole
    browser.find_element("tag name", "body").send_keys("f")
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 50))")
    assert _value(browser, pixels) == whole


def test_a_correction_is_kept_by_keys_alone(browser, file: str, address: str, until) -> None:
    body = browser.find_element("tag name", "body")
    body.send_keys("l")
    until("document.getElementById('media').currentTime === 5")
    for key in ("i", "l", "o", "3"):
        body.send_keys(key)
    until("document.querySelector('[name=end_s]').value === '10.00'")
    body.send_keys("s")
    until("document.querySelectorAll('#corrections li').length === 1")
    analysis = file.split("/")[-1].partition("#")[0]
    with urllib.request.urlopen(f"{address}/api/analyses/{analysis}/corrections") as response:
        [kept] = json.load(response)
    assert (kept["start_s"], kept["end_s"], kept["label"]) == (5, 10, "fear")
    assert "of 1." in browser.find_element("id", "corrections").text
    browser.find_element("css selector", "#corrections button").click()
    until("document.querySelectorAll('#corrections li').length === 0")


def test_keys_are_listed(browser, file: str) -> None:
    browser.find_element("tag name", "body").send_keys("?")
    assert _value(browser, "document.getElementById('help').open")
    browser.find_element("css selector", "#help button").click()
    assert not _value(browser, "document.getElementById('help').open")


def test_where_else_its_music_is_used(browser, file: str) -> None:
    section = browser.find_element("css selector", "[aria-labelledby=elsewhere-title]")
    assert "part.wav" in section.text


def test_everything_can_be_exported(browser, file: str, address: str) -> None:
    links = browser.find_elements("css selector", ".menu a")
    assert len(links) >= 9
    for link in links:
        with urllib.request.urlopen(link.get_attribute("href")) as response:
            assert response.status == 200
            assert response.read(10)


def test_no_policy_was_broken_and_no_script_failed(
    browser, address: str, collection: str, file: str, until
) -> None:
    browser.get_log("browser")  # what other tests provoked
    for page in (address, collection, file):
        browser.get(page)
        until("document.readyState === 'complete'")
    until("document.getElementById('player').dataset.ready === 'true'")
    assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]


def test_a_phone_is_wide_enough(browser, address: str, collection: str, file: str, until) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        for page in (address, collection, file):
            browser.get(page)
            until("document.readyState === 'complete'")
            assert _value(browser, "document.documentElement.scrollWidth") <= 360
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_fault_is_seen_and_closed(browser, file: str, until) -> None:
    browser.find_element("name", "start_s").send_keys("9")
    browser.find_element("name", "end_s").send_keys("3")
    browser.find_element("css selector", "#correction button.main").click()
    until("document.querySelector('#faults p')")
    fault = browser.find_element("id", "faults")
    assert fault.is_displayed()
    assert "ends after it starts" in fault.text
    fault.find_element("tag name", "button").click()
    assert not fault.text


def test_the_selection_is_moved_and_heard_by_keys(browser, file: str, until) -> None:
    body = browser.find_element("tag name", "body")
    value = "document.querySelector('[name={}]').value".format
    body.send_keys("l")
    until("document.getElementById('media').currentTime === 5")
    body.send_keys("i")
    until(f"{value('start_s')} === '5.00' && {value('end_s')} === '10.00'")
    for key in (">", ".", ","):
        body.send_keys(key)
    until(f"{value('start_s')} === '6.00' && {value('end_s')} === '11.00'")
    for _ in range(20):
        body.send_keys(">")
    until(f"{value('start_s')} === '15.00' && {value('end_s')} === '20.00'")
    for _ in range(7):
        body.send_keys("<")
    end = browser.find_element("name", "end_s")
    end.clear()
    end.send_keys("9\t")
    until(f"{value('start_s')} === '8.00' && {value('end_s')} === '9.00'")
    browser.execute_script("document.activeElement.blur()")
    body.send_keys("h")
    until("!document.getElementById('media').paused")
    until("document.getElementById('media').paused")
    assert 9 <= _value(browser, "document.getElementById('media').currentTime") < 9.5
    body.send_keys("x")
    until(f"{value('start_s')} === ''")


def test_the_view_stays_where_it_was_moved_while_it_plays(browser, file: str, until) -> None:
    for _ in range(4):
        browser.find_element("id", "zoom-in").click()
    whole = browser.find_element("id", "whole")
    far = whole.size["width"] // 2 - 10
    browser.find_element("id", "play").click()
    until("document.getElementById('media').currentTime > 0.2")
    ActionChains(browser).move_to_element_with_offset(whole, far, 0).click().perform()
    time.sleep(0.2)
    moved = _value(browser, "document.getElementById('wave').toDataURL()")
    time.sleep(0.5)
    assert not _value(browser, "document.getElementById('media').paused")
    assert _value(browser, "document.getElementById('wave').toDataURL()") == moved
    browser.find_element("id", "play").click()


def test_keys_can_be_switched_off(browser, file: str) -> None:
    browser.find_element("id", "help-button").click()
    browser.find_element("id", "keys-on").click()
    browser.find_element("css selector", "#help form button").click()
    body = browser.find_element("tag name", "body")
    body.send_keys("?")
    assert not _value(browser, "document.getElementById('help').open")
    browser.find_element("id", "help-button").click()
    browser.find_element("id", "keys-on").click()
    browser.find_element("css selector", "#help form button").click()
    body.send_keys("?")
    assert _value(browser, "document.getElementById('help').open")
    body.send_keys("?")
