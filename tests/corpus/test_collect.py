"""Each recording once, whatever the servers do, and on after a stop."""

import json

import pytest

from moodprint.corpus.collect import collect
from moodprint.corpus.recording import find_recordings, read_collected
from moodprint.corpus.sources import Fetched, Item
from moodprint.corpus.sources.local import LocalSource
from moodprint.corpus.sources.web import RetryPolicy, WebSource
from moodprint.errors import CorpusError, FetchError

pytest.importorskip("yt_dlp")


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def patience(pauses):
    return RetryPolicy(tries=3, pause_s=0.25, between_s=0.0, timeout_s=5.0, sleep=pauses.append)


def offer(site, mix_bytes, *names):
    """A page with a compilation under each name."""
    links = "".join(f'<audio src="/{name}.mp3"></audio>' for name in names)
    page = f"<html><head><title>Mixes</title></head><body>{links}</body></html>"
    site.files["/page.html"] = (page.encode(), "text/html")
    for number, name in enumerate(names):
        site.files[f"/{name}.mp3"] = (mix_bytes + bytes([number]), "audio/mpeg")


def test_a_page_of_compilations_is_fetched_once(site, mix_bytes, patience, tmp_path):
    offer(site, mix_bytes, "one", "two")
    source = WebSource(site.url("/page.html"), "happy", {"licence": "CC0"}, patience=patience)
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
    site, mix_bytes, patience, pauses, tmp_path
):
    offer(site, mix_bytes, "one")
    site.refusals["/one.mp3"] = [429, 503]
    report = collect([WebSource(site.url("/one.mp3"), "sad", patience=patience)], tmp_path)
    assert not report.failures
    assert pauses[:2] == [1.0, 0.5]


def test_a_forbidden_file_fails_at_once_and_the_rest_go_on(
    site, mix_bytes, patience, pauses, tmp_path
):
    offer(site, mix_bytes, "one", "two")
    site.refusals["/one.mp3"] = [403] * 9
    sources = [
        WebSource(site.url(f"/{name}.mp3"), "sad", patience=patience)
        for name in ("one", "two", "missing")
    ]
    report = collect(sources, tmp_path)
    assert len(report.fetched) == 1
    assert ["403" in error or "404" in error for _, error in report.failures] == [True, True]
    assert not pauses
    del site.refusals["/one.mp3"]
    later = collect(sources[:2], tmp_path)
    assert (len(later.fetched), later.known) == (1, 1)


def test_a_connection_dropped_midway_goes_on_where_it_broke(site, mix_bytes, patience, tmp_path):
    offer(site, mix_bytes, "one")
    source = WebSource(site.url("/one.mp3"), "sad", patience=patience)
    (item,) = source.items()
    before = site.sent["/one.mp3"]
    site.refusals["/one.mp3"] = [None, "drop"]
    report = collect([source], tmp_path)
    assert not report.failures
    assert (tmp_path / report.fetched[0]).read_bytes() == site.files["/one.mp3"][0]
    assert item.key == f"url:{site.url('/one.mp3')}"
    assert site.sent["/one.mp3"] - before < 4 * len(mix_bytes)


def test_a_stopped_run_goes_on_with_what_it_has(site, mix_bytes, patience, tmp_path):
    """The server stops amid the second file: the next run fetches its rest, and nothing else."""
    offer(site, mix_bytes, "one", "two")
    sources = [WebSource(site.url(f"/{n}.mp3"), "fear", patience=patience) for n in ("one", "two")]
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


def test_a_note_cut_off_midway_does_not_count(recordings, tmp_path):
    source = LocalSource(recordings / "happy", "happy")
    collect([source], tmp_path)
    notes = tmp_path / "collected.jsonl"
    whole = notes.read_text()
    notes.write_text(whole + '{"file": "happy/half')
    assert len(read_collected(tmp_path)) == 1
    collect([LocalSource(recordings / "sad", "sad")], tmp_path)
    lines = notes.read_text().splitlines()
    assert [json.loads(line)["emotion"] for line in lines] == ["happy", "sad", "sad", "sad"]
    notes.write_text("not a note\n")
    with pytest.raises(CorpusError, match="list of collected"):
        read_collected(tmp_path)


def test_a_fetch_that_fails_is_tried_again(tmp_path):
    tries = []

    class Once:
        name = "once"

        def items(self):
            yield Item("key", "calm", self.fetch)

        def fetch(self, folder):
            tries.append(folder)
            if len(tries) == 1:
                raise FetchError("not now")
            (folder / "A: b?.mp3").write_bytes(b"x")
            return Fetched(folder / "A: b?.mp3", {"title": "A"})

    told = []
    assert collect([Once()], tmp_path, lambda *words: told.append(words)).failures
    assert collect([Once()], tmp_path).fetched[0].startswith("calm/A_ b_-")
    assert told == [("key", "not now")]
    assert tries[0] == tries[1]
