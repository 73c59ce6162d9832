"""The page in a real browser: it plays, seeks and sorts, and asks the network for nothing."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from moodprint.reports.html import write_report

EVIL = "<img src=x onerror=document.title='hurt'>.mp3"


@pytest.fixture(scope="module")
def opened(browser, timeline, speech_timeline, tone, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    odd = replace(speech_timeline, source=EVIL)
    write_report([replace(timeline, source=str(tone)), odd], path)
    browser.get(path.as_uri())
    _until(browser, "return document.querySelector('audio').readyState >= 1")
    _until(browser, "return document.querySelector('#file-1 .plot .main-svg') !== null")
    return browser


def _until(driver, script: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not driver.execute_script(script):
        assert time.monotonic() < end, f"never came true: {script}"
        time.sleep(0.1)


def _now(driver) -> float:
    return driver.execute_script("return document.querySelector('audio').currentTime")


def _click(driver, selector: str, part: float) -> None:
    from selenium.webdriver import ActionChains

    element = driver.find_element("css selector", selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    offset = round((part - 0.5) * element.size["width"])
    ActionChains(driver).move_to_element_with_offset(element, offset, 0).click().perform()


def test_it_knows_how_long_the_sound_is(opened):
    length = opened.execute_script("return document.querySelector('audio').duration")
    assert length == pytest.approx(20, abs=0.1)


def test_play_plays_and_the_heads_follow(opened):
    opened.execute_script("document.querySelector('.play').click()")
    _until(opened, "return document.querySelector('audio').currentTime > 0.3")
    assert "playing" in opened.find_element("id", "file-1").get_attribute("class")
    opened.execute_script("document.querySelector('.play').click()")
    _until(opened, "return document.querySelector('audio').paused")
    heads = "return [...document.querySelectorAll('#file-1 .head')].map((head) => head.hidden)"
    assert opened.execute_script(heads) == [False, False]


def test_a_click_on_the_waveform_goes_there(opened):
    _click(opened, "#file-1 .wave canvas", 0.75)
    assert _now(opened) == pytest.approx(15, abs=0.2)


def test_a_click_on_the_chart_goes_there_and_the_line_stands_under_it(opened):
    _click(opened, "#file-1 .plot", 0.5)
    width = opened.find_element("css selector", "#file-1 .plot").size["width"]
    lane = width - 44 - 12
    assert _now(opened) == pytest.approx((width / 2 - 44) / lane * 20, abs=0.2)
    at = opened.execute_script(
        "const head = document.querySelector('#file-1 .chart .head').getBoundingClientRect();"
        "const plot = document.querySelector('#file-1 .plot').getBoundingClientRect();"
        "return head.left + head.width / 2 - plot.left"
    )
    assert at == pytest.approx(width / 2, abs=3)


def test_a_time_in_the_list_goes_there_and_plays(opened):
    opened.execute_script("document.querySelectorAll('#file-1 tr .seek')[5].click()")
    _until(opened, "return !document.querySelector('audio').paused")
    assert 16.2 <= _now(opened) <= 20
    opened.execute_script("document.querySelector('audio').pause()")
    row = opened.find_element("css selector", "tr.now").get_attribute("data-start")
    assert float(row) == 16.25


def test_arrows_move_and_space_plays(opened):
    from selenium.webdriver import ActionChains, Keys

    opened.execute_script(
        "document.activeElement.blur(); document.querySelector('audio').currentTime = 10"
    )
    ActionChains(opened).send_keys(Keys.ARROW_LEFT).perform()
    assert _now(opened) == pytest.approx(5, abs=0.1)
    ActionChains(opened).send_keys(Keys.ARROW_RIGHT).perform()
    assert _now(opened) == pytest.approx(10, abs=0.1)
    ActionChains(opened).send_keys(" ").perform()
    _until(opened, "return !document.querySelector('audio').paused")
    ActionChains(opened).send_keys(" ").perform()
    _until(opened, "return document.querySelector('audio').paused")


def test_the_table_of_files_sorts(opened):
    names = (
        "return [...document.querySelectorAll('#summary tbody td.name')].map((c) => c.innerText)"
    )
    opened.execute_script("document.querySelectorAll('#summary th button')[2].click()")
    assert opened.execute_script(names) == [EVIL, "tone.wav"]
    opened.execute_script("document.querySelectorAll('#summary th button')[2].click()")
    assert opened.execute_script(names) == ["tone.wav", EVIL]


def test_the_table_of_files_filters(opened):
    shown = (
        "return [...document.querySelectorAll('#summary tbody tr')]"
        ".filter((row) => row.checkVisibility()).map((row) => row.dataset.status)"
    )
    choose = (
        "const box = document.getElementById('status'); box.value = arguments[0];"
        "box.dispatchEvent(new Event('change'))"
    )
    opened.execute_script(choose, "no music")
    assert opened.execute_script(shown) == ["no music"]
    assert opened.find_element("id", "shown").text == "1 of 2"
    opened.execute_script(choose, "")
    opened.find_element("id", "filter").send_keys("TONE")
    assert opened.execute_script(shown) == ["calm"]
    opened.execute_script(
        "const box = document.getElementById('filter'); box.value = '';"
        "box.dispatchEvent(new Event('input'))"
    )
    opened.execute_script("document.querySelector('.count[data-status=answered]').click()")
    assert opened.execute_script(shown) == ["calm"]
    opened.execute_script(choose, "")
    assert len(opened.execute_script(shown)) == 2


def test_a_passage_plays_to_its_end_and_stops(opened):
    opened.execute_script("document.querySelector('.passage').click()")
    _until(opened, "return !document.querySelector('audio').paused")
    assert opened.execute_script("return document.querySelector('.passage.on') !== null")
    opened.execute_script(
        "const end = Number(document.querySelector('.passage').dataset.end);"
        "document.querySelector('audio').currentTime = end - 0.3"
    )
    _until(opened, "return document.querySelector('audio').paused")
    assert opened.execute_script("return document.querySelector('.passage.on') === null")


def test_a_phone_needs_no_sideways_scrolling(opened):
    size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        _until(opened, "return document.documentElement.clientWidth === 360")
        _until(opened, "return document.documentElement.scrollWidth <= 360")
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_no_error_no_injection_and_no_request(opened):
    assert opened.title == "moodprint report"
    assert [e for e in opened.get_log("browser") if e["level"] == "SEVERE"] == []
    events = (json.loads(entry["message"])["message"] for entry in opened.get_log("performance"))
    asked = [
        event["params"]["request"]["url"].split(":")[0]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
        and event["params"]["documentURL"].startswith("file:")
    ]
    assert asked[0] == "file"
    assert set(asked) <= {"file", "data"}
