"""Addresses on the web, whatever the servers do: a site on loopback that refuses and breaks off."""

import pytest

from moodprint.corpus.collect import collect
from moodprint.corpus.recording import find_recordings
from moodprint.corpus.sources.web import RetryPolicy, WebSource, _chapters, _details, _entries
from moodprint.errors import FetchError

pytest.importorskip("yt_dlp")


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def retries(pauses):
    return RetryPolicy(tries=3, pause_s=0.25, between_s=0.0, timeout_s=5.0, sleep=pauses.append)


def offer(site, mix_bytes, *names):
    """A page with a compilation under each name."""
    links = "".join(f'<audio src="/{name}.mp3"></audio>' for name in names)
    page = f"<html><head><title>Mixes</title></head><body>{links}</body></html>"
    site.files["/page.html"] = (page.encode(), "text/html")
    for number, name in enumerate(names):
        site.files[f"/{name}.mp3"] = (mix_bytes + bytes([number]), "audio/mpeg")


def test_a_page_of_compilations_is_fetched_once(site, mix_bytes, retries, tmp_path):
    offer(site, mix_bytes, "one", "two")
    source = WebSource(site.url("/page.html"), "happy", {"licence": "CC0"}, retries=retries)
    first = collect([source], tmp_path)
    assert not first.failures
    assert len(first.fetched) == 2
    sent = dict(site.sent)
    again = collect([source], tmp_path)
    assert (again.fetched, again.known, again.failures) == ((), 2, ())
    assert all(site.sent[f"/{name}.mp3"] == sent[f"/{name}.mp3"] for name in ("one", "two"))
    recordings = find_recordings(tmp_path)
    assert [recording.emotion for recording in recordings] == ["happy", "happy"]
    assert {recording.path.read_bytes()[:-1] for recording in recordings} == {mix_bytes}
    assert recordings[0].details["licence"] == "CC0"
    assert recordings[0].details["url"].startswith("http://127.0.0.1")


def test_a_busy_server_is_asked_again_after_the_pause_that_it_asks_for(
    site, mix_bytes, retries, pauses, tmp_path
):
    offer(site, mix_bytes, "one")
    site.refusals["/one.mp3"] = [429, 503]
    report = collect([WebSource(site.url("/one.mp3"), "sad", retries=retries)], tmp_path)
    assert not report.failures
    assert pauses[:2] == [1.0, 0.5]


def test_a_forbidden_file_fails_at_once_and_the_rest_go_on(
    site, mix_bytes, retries, pauses, tmp_path
):
    offer(site, mix_bytes, "one", "two")
    site.refusals["/one.mp3"] = [403] * 9
    sources = [
        WebSource(site.url(f"/{name}.mp3"), "sad", retries=retries)
        for name in ("one", "two", "missing")
    ]
    report = collect(sources, tmp_path)
    assert len(report.fetched) == 1
    assert ["403" in error or "404" in error for _, error in report.failures] == [True, True]
    assert not pauses
    del site.refusals["/one.mp3"]
    later = collect(sources[:2], tmp_path)
    assert (len(later.fetched), later.known) == (1, 1)


def test_a_connection_dropped_midway_goes_on_where_it_broke(site, mix_bytes, retries, tmp_path):
    offer(site, mix_bytes, "one")
    source = WebSource(site.url("/one.mp3"), "sad", retries=retries)
    (item,) = source.items()
    before = site.sent["/one.mp3"]
    site.refusals["/one.mp3"] = [None, "drop"]
    report = collect([source], tmp_path)
    assert not report.failures
    assert (tmp_path / report.fetched[0]).read_bytes() == site.files["/one.mp3"][0]
    assert item.key == f"url:{site.url('/one.mp3')}"
    assert site.sent["/one.mp3"] - before < 4 * len(mix_bytes)


def test_a_stopped_run_goes_on_with_what_it_has(site, mix_bytes, retries, tmp_path):
    """The server stops amid the second file: the next run fetches its rest, and nothing else."""
    offer(site, mix_bytes, "one", "two")
    sources = [WebSource(site.url(f"/{n}.mp3"), "fear", retries=retries) for n in ("one", "two")]
    for source in sources:
        list(source.items())
    site.refusals["/two.mp3"] = [None, *["drop"] * 50]
    first = collect(sources, tmp_path)
    assert (len(first.fetched), len(first.failures)) == (1, 1)
    port, sent = site.port, site.sent["/one.mp3"]
    site.close()
    nobody = collect(sources, tmp_path)
    assert len(nobody.failures) == 2
    site.refusals.clear()
    site.open(port)
    last = collect(sources, tmp_path)
    assert (len(last.fetched), last.known, last.failures) == (1, 1, ())
    assert (tmp_path / last.fetched[0]).read_bytes() == site.files["/two.mp3"][0]
    assert site.sent["/one.mp3"] - sent <= 2 * len(mix_bytes)  # asked what it is, not kept
    assert not (tmp_path / ".fetching").exists()


def test_pauses_grow_and_end_and_a_busy_server_is_given_up(site, mix_bytes, pauses, tmp_path):
    offer(site, mix_bytes, "one")
    policy = RetryPolicy(
        tries=4, pause_s=1.0, longest_s=3.0, between_s=0.0, timeout_s=5.0, sleep=pauses.append
    )
    source = WebSource(site.url("/one.mp3"), "sad", retries=policy)
    (item,) = source.items()
    site.refusals["/one.mp3"] = [503] * 99
    with pytest.raises(FetchError, match="503"):
        item.fetch(tmp_path)
    assert pauses[:3] == [1.0, 2.0, 3.0]


def test_nobody_at_home_is_a_fetch_error(site, retries):
    site.close()
    with pytest.raises(FetchError, match=r"127\.0\.0\.1"):
        list(WebSource(site.url("/one.mp3"), "sad", retries=retries).items())
    site.open()


def test_a_pause_lies_between_items(site, mix_bytes, pauses, tmp_path):
    offer(site, mix_bytes, "one")
    policy = RetryPolicy(tries=1, between_s=7.0, timeout_s=5.0, sleep=pauses.append)
    (item,) = WebSource(site.url("/one.mp3"), "sad", retries=policy).items()
    item.fetch(tmp_path)
    assert pauses == [7.0]


def test_lists_within_lists_are_one_list():
    answer = {"entries": [{"id": 1}, None, {"entries": [{"id": 2}, {"entries": None}]}]}
    assert _entries(answer) == [{"id": 1}, {"id": 2}]
    assert _entries({"id": 3}) == [{"id": 3}]


def test_what_yt_dlp_says_of_a_video_is_named_as_the_manifest_does():
    entry = {
        "title": "Mix",
        "uploader": "Someone",
        "license": "CC BY",
        "artist": None,
        "webpage_url": "https://x.org/watch",
        "chapters": [
            {"start_time": 0, "end_time": 61.5, "title": "One"},
            {"start_time": 61.5, "end_time": 90},
        ],
    }
    assert _details(entry, "https://x.org/1") == {
        "title": "Mix",
        "uploader": "Someone",
        "licence": "CC BY",
        "url": "https://x.org/watch",
    }
    assert [(mark.start_s, mark.end_s, mark.title) for mark in _chapters(entry)] == [
        (0.0, 61.5, "One"),
        (61.5, 90.0, ""),
    ]
    assert _chapters({}) == ()
    assert _details({}, "https://x.org/1") == {"url": "https://x.org/1"}
