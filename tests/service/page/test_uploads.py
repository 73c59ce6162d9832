"""Files given to the page: sent, refused, cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.long


def _choose(browser, paths: str) -> None:
    files = browser.find_element("id", "files")
    browser.execute_script("arguments[0].hidden = false", files)
    files.send_keys(paths)


def test_files_given_to_the_first_page_make_a_collection(
    browser, address: str, songs: Path, until
) -> None:
    browser.get(address)
    _choose(browser, f"{songs / 'song.wav'}\n{songs / 'part.wav'}")
    until("location.pathname.startsWith('/collections/')")
    until("document.querySelectorAll('li.file').length === 2")
    assert browser.find_element("id", "name").text.startswith("Files of ")


def test_a_file_that_is_refused_is_told_and_the_others_are_kept(
    browser, address: str, tmp_path: Path, songs: Path, until
) -> None:
    (tmp_path / "empty <b>.wav").touch()
    browser.get(address)
    _choose(browser, f"{tmp_path / 'empty <b>.wav'}\n{songs / 'part.wav'}")
    until("document.getElementById('uploads-words').textContent === '1 of 2 files sent.'")
    [line] = browser.find_elements("css selector", "#uploads-list li")
    assert "empty <b>.wav" in line.text
    assert "no bytes" in line.text


def test_an_upload_that_failed_is_tried_again(browser, address: str, songs: Path, until) -> None:
    browser.get(address)
    browser.execute_script(
        "const open = XMLHttpRequest.prototype.open; let tries = 0;"
        "XMLHttpRequest.prototype.open = function (method, path) {"
        "  return open.call(this, method, tries++ ? path : '/nowhere');"
        "}"
    )
    _choose(browser, str(songs / "song.wav"))
    until("document.querySelector('#uploads-list li.failed')")
    button = browser.find_element("css selector", "#uploads-list button")
    assert button.get_attribute("aria-label") == "Try again: song.wav"
    button.click()
    until("location.pathname.startsWith('/collections/')")
    until("document.querySelectorAll('li.file').length === 1")


def test_a_busy_service_is_waited_for(browser, address: str, songs: Path, until) -> None:
    browser.get(address)
    browser.execute_script(
        "let asked = 0; const status = Object.getOwnPropertyDescriptor("
        "XMLHttpRequest.prototype, 'status').get;"
        "Object.defineProperty(XMLHttpRequest.prototype, 'status',"
        "  {get() { return asked++ ? status.call(this) : 429; }});"
        "XMLHttpRequest.prototype.getResponseHeader = () => '2';"
    )
    _choose(browser, str(songs / "song.wav"))
    until("document.getElementById('uploads-list').textContent.includes('waits for the service')")
    until("location.pathname.startsWith('/collections/')")


def test_what_is_too_large_is_told_before_it_is_sent(
    browser, address: str, tmp_path: Path, until
) -> None:
    with (tmp_path / "large.mp4").open("wb") as file:
        file.truncate(500_000_001)
    browser.get(address)
    _choose(browser, f"{tmp_path / 'large.mp4'}")
    until("document.querySelector('#uploads-list li.failed')")
    line = browser.find_element("css selector", "#uploads-list li")
    assert "larger than the 500 MB" in line.text
    assert "0 of 1 file sent." in browser.find_element("id", "uploads-words").text


def test_uploads_can_be_cancelled(browser, address: str, tmp_path: Path, until) -> None:
    for number in range(6):
        with (tmp_path / f"{number}.wav").open("wb") as large:
            large.truncate(150_000_000)
    browser.get(address)
    _choose(browser, "\n".join(str(path) for path in sorted(tmp_path.iterdir())))
    until("document.querySelectorAll('#uploads-list li').length === 6")
    sending = "[...document.querySelectorAll('#uploads-list li')].filter((line) => "
    until(sending + "line.textContent.includes('sending')).length === 3")
    browser.find_element("css selector", "#uploads-list li:last-child button").click()
    until(sending + "line.textContent.includes('cancelled')).length === 1")
    browser.find_element("id", "stop-uploads").click()
    until("document.getElementById('stop-uploads').hidden")
    until(sending + "line.textContent.includes('cancelled')).length === 6")
    assert "0 of 6 files sent." in browser.find_element("id", "uploads-words").text


def test_a_dropped_folder_is_walked_and_names_its_collection(
    browser, address: str, tmp_path: Path, songs: Path, until
) -> None:
    inner = tmp_path / "Summer films" / "raw cuts"
    inner.mkdir(parents=True)
    for number in range(120):  # a reader gives a hundred entries at a time
        (inner / f"{number:03}.wav").write_bytes(b"RIFF%d" % number)
    (tmp_path / "Summer films" / "song.wav").write_bytes((songs / "song.wav").read_bytes())
    (tmp_path / "Summer films" / ".hidden").touch()
    browser.get(address)
    drop = browser.find_element("id", "drop").rect
    place = {"x": drop["x"] + 20, "y": drop["y"] + 20}
    data = {"items": [], "files": [str(tmp_path / "Summer films")], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, **place, "data": data})
    until("location.pathname.startsWith('/collections/')", 60)
    until("document.getElementById('found')?.textContent === '121 files'")
    assert browser.find_element("id", "name").text == "Summer films"
    browser.find_element("id", "search").send_keys("raw cuts/119")
    until("document.querySelectorAll('li.file').length === 1")
    name = browser.find_element("css selector", "li.file .name").text
    assert name == "Summer films/raw cuts/119.wav"
