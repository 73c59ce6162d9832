from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.offline import get_plotlyjs

from moodprint.errors import InputError
from moodprint.prediction import Failure
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import Sharing
from moodprint.reports.html import render_report, write_report

EVIL = "<img src=x onerror=alert(1)>.mp3"
BREAKOUT = "</script><script>alert(1)</script>"


class _Page(HTMLParser):
    """The tags of a page and what stands in its scripts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page.decode("utf-8").replace(get_plotlyjs(), "/* plotly.js */"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(timeline, tone) -> _Page:
    return _Page(render_report([replace(timeline, source=str(tone))]))


def test_one_file_has_a_player_a_chart_and_its_stretches(page):
    (sound,) = page.all("audio")
    assert sound["src"].startswith("data:audio/webm;base64,")
    assert len(page.all("section")) == 2, "the file, and what the numbers mean"
    assert len([b for b in page.all("button") if b["class"] == "seek"]) == 6
    data = json.loads(page.scripts[0])
    assert data["file-1"]["name"] == "tone.wav"
    assert len(data["file-1"]["peaks"]) == 900


def test_nothing_is_loaded_from_anywhere(page):
    for tag, attributes in page.tags:
        for name in ("src", "href", "data", "srcset", "action", "poster"):
            assert (attributes.get(name) or "#").startswith(("data:", "#")), (tag, attributes)
    assert not page.all("link")
    (policy,) = (m["content"] for m in page.all("meta") if "http-equiv" in m)
    assert policy.startswith("default-src 'none'")


def test_plotly_is_there_once(timeline, speech_timeline):
    text = render_report([timeline, speech_timeline, timeline], audio=False).decode()
    assert text.count("plotly.js v") == 1
    assert "plotly.js v" not in render_report([], audio=False).decode()


def test_two_pages_are_alike_to_the_byte(timeline, tone):
    results = [replace(timeline, source=str(tone))]
    assert render_report(results) == render_report(results)


@pytest.mark.parametrize("text", [EVIL, BREAKOUT, '"><b onload="x', "{{ 7 * 7 }}", "']];//"])
def test_what_comes_from_outside_stays_text(text, timeline, speech_timeline):
    odd = replace(
        timeline,
        source=text,
        model=text,
        warnings=(text,),
        reason=text,
        segments=tuple(replace(segment, track=text) for segment in timeline.segments),
    )
    results = [odd, replace(speech_timeline, reason=text), Failure(text, text)]
    hurt = _Page(render_report(results, audio=False, card_summary={text: text}))
    calm = _Page(render_report([timeline, speech_timeline, Failure("x", "x")], audio=False))
    assert len(hurt.scripts) == len(calm.scripts) == 3
    assert not hurt.all("img")
    assert not [b for b in hurt.all("b") if b]
    assert not any(name.startswith("on") for _, given in hurt.tags for name in given)
    assert json.loads(hurt.scripts[0])["file-1"]["duration"] == 20


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_results_make_a_page(any_results, data):
    results = data.draw(any_results)
    page = _Page(render_report(results, audio=False))
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    json.loads(page.scripts[0])


def test_several_files_have_a_summary_with_links(timeline, speech_timeline, failure):
    results = [timeline, failure, speech_timeline]
    text = render_report(results, audio=False).decode()
    links = re.findall(r'<a href="#([^"]+)"', text)
    passages, table = links[:-2], links[-2:]
    assert set(passages) == {"file-1"}, "the other holds no music"
    assert table == ["file-1", "file-2"]
    assert "3 files" in text
    assert failure.error.removeprefix("bad.mp3: ") in text


def test_several_files_begin_with_all_of_them_together(timeline, speech_timeline, failure):
    text = render_report([timeline, failure, speech_timeline], audio=False).decode()
    whole, table, first = map(text.index, ("All 3 files", "3 files</h2>", 'id="file-1"'))
    assert whole < table < first
    assert "All 1 files" not in render_report([timeline], audio=False).decode()


def test_what_the_files_share_is_told_where_it_was_asked(timeline, speech_timeline):
    files = (timeline.source, speech_timeline.source)
    uses = tuple(TrackUse(file, 2, 9) for file in files)
    sharing = Sharing((SharedTrack("track <A>", uses),), ())
    text = render_report([timeline, speech_timeline], audio=False, sharing=sharing).decode()
    assert "<b>track &lt;A&gt;</b>, 0:07 long, in 2 files" in text
    none = render_report([timeline, speech_timeline], audio=False, sharing=Sharing((), ()))
    assert b"No two files hold the same recording." in none
    assert b"Who shares music" not in render_report([timeline, speech_timeline], audio=False)


def test_a_failure_alone_is_told(failure):
    assert failure.error in render_report([failure]).decode()
    assert "No file was analysed." in render_report([]).decode()


def test_a_missing_file_has_no_player_and_a_note(timeline):
    text = render_report([timeline]).decode()
    assert "<audio" not in text
    assert "No player: songs/one.mp3: does not exist." in text


def test_a_file_without_music_has_a_list_and_no_chart(speech_timeline):
    text = render_report([speech_timeline], audio=False).decode()
    assert 'class="plot"' not in text
    assert "no music (speech)" in text


def test_without_audio_there_is_no_player_and_no_note(timeline, tone):
    text = render_report([replace(timeline, source=str(tone))], audio=False).decode()
    assert "<audio" not in text
    assert "No player" not in text


def test_the_sound_may_lie_elsewhere(timeline, tone):
    page = _Page(render_report([timeline], media={"songs/one.mp3": tone}))
    assert page.all("audio")


def test_facts_on_the_model_stand_at_the_foot(timeline):
    text = render_report([timeline], audio=False, card_summary={"Abstains": "below 0.45"}).decode()
    assert "<dt>Abstains</dt><dd>below 0.45</dd>" in text
    assert "Model: ear 1" in text


def test_it_is_written_to_a_file(timeline, tmp_path):
    write_report([timeline], tmp_path / "out.html", audio=False)
    assert (tmp_path / "out.html").read_bytes() == render_report([timeline], audio=False)
    with pytest.raises(InputError, match="cannot be written"):
        write_report([timeline], tmp_path, audio=False)


def test_an_explained_file_shows_its_cues(explained_timeline, timeline):
    page = render_report([explained_timeline], audio=False).decode()
    assert "Why calm: the cues point elsewhere (slow (62 bpm), A minor)" in page
    assert "From these cues alone the answer would have been another" in page
    assert "64 % of segments" in page
    assert "Why calm" not in render_report([timeline], audio=False).decode()
