"""Each recording once, whatever the servers do, and on after a stop."""

import pytest

from moodprint.corpus.collect import collect, collect_listed
from moodprint.corpus.recording import find_recordings
from moodprint.corpus.sources import Fetched, Item
from moodprint.corpus.sources.local import LocalSource
from moodprint.corpus.sources.web import RetryPolicy, WebSource
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

    assert collect([Once()], tmp_path).failures == (("key", "not now"),)
    assert collect([Once()], tmp_path).fetched[0].startswith("calm/A_ b_-")
    assert tries[0] == tries[1]


def test_what_is_there_is_known_and_a_file_under_a_new_source_too(recordings, tmp_path):
    source = LocalSource(recordings / "happy", "happy")
    (file,) = collect([source], tmp_path).fetched
    assert (tmp_path / file).read_bytes() == (recordings / "happy" / "mix.flac").read_bytes()
    again = collect([source, LocalSource(recordings / "happy" / "mix.flac", "happy")], tmp_path)
    assert (again.fetched, again.known) == ((), 2)


def test_progress_counts_items_while_their_number_grows(recordings, tmp_path):
    steps = []
    sources = [
        LocalSource(recordings / "happy", "happy"),
        LocalSource(recordings / "nowhere", "sad"),
        LocalSource(recordings / "sad", "sad"),
    ]
    report = collect(sources, tmp_path, lambda *step: steps.append(step))
    assert (len(report.fetched), len(report.failures)) == (4, 1)
    assert {stage for stage, _, _ in steps} == {"fetch recordings"}
    assert [done for _, done, _ in steps] == [0, 1, 2, 2, 3, 4, 5]
    assert steps[-1] == ("fetch recordings", 5, 5)
    assert all(done <= total for _, done, total in steps)


def test_a_list_is_read_and_what_it_names_is_fetched(recordings, tmp_path, retries):
    listing = tmp_path / "sources.yaml"
    listing.write_text(f"\ufeffhappy:\n  - {recordings / 'happy'}\n", encoding="utf-8")
    report = collect_listed(listing, tmp_path / "out", retries)
    assert len(report.fetched) == 1
    assert report.fetched[0].startswith("happy/mix-")
