"""Each recording once, and on after a stop."""

from moodprint.corpus.collect import collect, collect_listed
from moodprint.corpus.sources import Fetched, Item
from moodprint.corpus.sources.local import LocalSource
from moodprint.corpus.sources.web import RetryPolicy
from moodprint.errors import FetchError


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


def test_a_list_is_read_and_what_it_names_is_fetched(recordings, tmp_path):
    listing = tmp_path / "sources.yaml"
    listing.write_text(f"\ufeffhappy:\n  - {recordings / 'happy'}\n", encoding="utf-8")
    report = collect_listed(listing, tmp_path / "out", RetryPolicy())
    assert len(report.fetched) == 1
    assert report.fetched[0].startswith("happy/mix-")
