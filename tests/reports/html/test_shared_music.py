"""The page of shared music is whole, playable, and hostile names stay text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from moodprint.fingerprint import SharedMusic
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import Sharing
from moodprint.reports.html.shared_music import render_shared_music, write_shared_music

HOSTILE = "x/</script><script>alert(1)</script>\" onload='x'.mp3"
FILES = ["a.mp3", "b.mp3", HOSTILE, "alone.mp3"]
PAIRS = (
    SharedMusic("a.mp3", "b.mp3", 1.0, 2.0, 30.0, 1.08, 1.33, 88.0),
    SharedMusic("b.mp3", HOSTILE, 0.0, 12.5, 9.0, 1.0, 0.0, 44.0),
)
SHARING = Sharing(
    (
        SharedTrack("track A", (TrackUse("a.mp3", 1, 31), TrackUse("b.mp3", 2, 34))),
        SharedTrack(HOSTILE, (TrackUse("b.mp3", 0, 9), TrackUse(HOSTILE, 12.5, 21)), known=True),
    ),
    PAIRS,
    speech=(SharedMusic("a.mp3", "alone.mp3", 40.0, 2.0, 10.0, 1.0, 0.0, 60.0),),
    failed=(("bad.wav", "bad.wav: is no <b>audio</b>"),),
)


@pytest.fixture(scope="module")
def page() -> str:
    return render_shared_music(FILES, SHARING, audio=False).decode()


def test_the_page_tells_files_tracks_and_where_they_play(page: str) -> None:
    assert "3 of 4 files share music" in page
    assert "2 tracks, 1 group of files" in page
    assert page.count('class="card track"') == 2
    assert "0:30 long" not in page
    assert "0:32 long, in 2 files" in page
    assert "0:02-0:34" in page


def test_evidence_and_speech_are_told_apart(page: str) -> None:
    rows = re.findall(r'<tr class="pair">(.*?)</tr>', page)
    told = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
    assert told[0] == ["a.mp3", "0:01", "b.mp3", "0:02", "30.0", "1.080", "+1.33", "88"]
    assert told[2][:4] == ["a.mp3", "0:40", "alone.mp3", "0:02"]
    assert "1 stretches share speech" in page


def test_hostile_names_stay_text(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "onload='x'" not in page
    assert "<b>audio" not in page
    assert "is no &lt;b&gt;audio" in page


def test_the_page_needs_nothing_else(page: str) -> None:
    assert page.startswith("<!doctype html>")
    assert "default-src 'none'" in page
    assert not re.search(r"""(src|href)=["']?(?!data:|#)""", page.split("<body>")[1])


def test_nothing_shared_is_a_page_too(tmp_path: Path) -> None:
    write_shared_music(["a.mp3"], Sharing((), ()), tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "0 of 1 files share music" in text
    assert "No two of the files" in text


def test_what_cannot_be_played_gets_a_note(tone: Path) -> None:
    uses = (TrackUse(str(tone), 5, 15), TrackUse("nowhere.wav", 0, 10))
    sharing = Sharing((SharedTrack("track A", uses),), ())
    text = render_shared_music([str(tone), "nowhere.wav"], sharing).decode()
    assert text.count("data:audio/webm;base64") == 1
    assert text.count("No player:") == 1


def test_the_same_sharing_gives_the_same_bytes(tone: Path) -> None:
    sharing = Sharing(
        (SharedTrack("A", (TrackUse(str(tone), 5, 9), TrackUse(str(tone), 1, 3))),), ()
    )
    pages = {render_shared_music([str(tone)], sharing) for _ in range(2)}
    assert len(pages) == 1


def test_in_a_browser_it_filters_and_plays(browser, tone: Path, tmp_path: Path) -> None:
    first = SharedTrack("track A", (TrackUse(str(tone), 5, 15), TrackUse("b.mp4", 0, 10)))
    second = SharedTrack(
        "rain", tuple(TrackUse(file, 0, 9) for file in ("c.mp4", "d.mp4", "e.mp4")), known=True
    )
    path = tmp_path / "sharing.html"
    files = [str(tone), "b.mp4", "c.mp4", "d.mp4", "e.mp4"]
    write_shared_music(files, Sharing((first, second), ()), path)
    browser.get(path.as_uri())
    shown = (
        "return [...document.querySelectorAll('#tracks h2')]"
        ".filter((title) => title.checkVisibility()).map((title) => title.textContent)"
    )
    assert browser.execute_script(shown)[-2:] == ["track A", "rain"]
    box = browser.find_element("id", "filter")
    box.send_keys("RAIN")
    assert browser.execute_script(shown) == ["3 files, 1 track", "rain"]
    assert browser.find_element("id", "shown").text == "1 of 2 tracks"
    box.clear()
    box.send_keys("b.mp4")
    assert browser.execute_script(shown) == ["2 files, 1 track", "track A"]
    browser.execute_script("document.querySelector('audio').play()")
    end = time.monotonic() + 10
    while not browser.execute_script("return document.querySelector('audio').currentTime > 0.2"):
        assert time.monotonic() < end
        time.sleep(0.1)
    problems = [each for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    assert problems == []
