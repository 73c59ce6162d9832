from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.samples import Sample, groups_of, lineage_of, segmented, songs_of


def _of_a_file(path, start_s=0.0, end_s=None):
    return Sample("a", Excerpt(path, start_s, end_s), "sad", "g", "song a", "corpus")


def test_segments_cover_a_file_evenly(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(8000 * 12), 8000)
    parts = segmented([_of_a_file(tmp_path / "a.wav")], 5.0)
    assert [(p.excerpt.start_s, p.excerpt.end_s) for p in parts] == [(0, 6), (6, 12)]
    assert [part.id for part in parts] == ["a@0", "a@6"]
    assert {(part.song, part.label, part.group) for part in parts} == {("song a", "sad", "g")}


def test_a_stretch_of_a_file_is_cut_within_its_times():
    parts = segmented([_of_a_file(Path("/none.wav"), 100.0, 115.0)], 5.0)
    assert [(p.excerpt.start_s, p.excerpt.end_s) for p in parts] == [
        (100, 105),
        (105, 110),
        (110, 115),
    ]


@given(st.floats(0, 1000), st.floats(0.5, 500), st.floats(0.5, 60), st.integers(1, 9))
def test_segments_follow_each_other_and_stay_within(start_s, length_s, segment_s, most):
    whole = _of_a_file(Path("/none.wav"), start_s, start_s + length_s)
    parts = segmented([whole], segment_s)
    edges = [(part.excerpt.start_s, part.excerpt.end_s) for part in parts]
    assert edges[0][0] == pytest.approx(start_s, abs=1e-3)
    assert edges[-1][1] == pytest.approx(start_s + length_s, abs=1e-3)
    assert all(one[1] == other[0] for one, other in pairwise(edges))
    few = segmented([whole], segment_s, most)
    assert len(few) == min(most, len(parts))
    assert set(few) <= set(parts)


def test_of_a_long_track_a_few_segments_are_kept_spread_evenly():
    track = _of_a_file(Path("/none.wav"), 0.0, 50.0)
    few = segmented([track], 5.0, 3)
    assert [part.excerpt.start_s for part in few] == [5.0, 25.0, 40.0]
    assert all(part.excerpt.end_s - part.excerpt.start_s == 5 for part in few)
    assert segmented([track], 5.0, 99) == segmented([track], 5.0)


def test_a_file_that_cannot_be_read_stays_one_sample(tmp_path):
    gone = _of_a_file(tmp_path / "gone.wav")
    assert segmented([gone], 5.0) == [gone]


def test_groups_join_artist_song_and_duplicates(sample):
    rows = [
        sample("a", group="x"),
        sample("b", group="x"),
        sample("c", group="y", duplicate="d"),
        sample("e", group="z", duplicate="d"),
        sample("f", song="s"),
        sample("g", song="s"),
    ]
    assert groups_of(rows).tolist() == [0, 0, 1, 1, 2, 2]
    assert songs_of(rows).tolist() == [0, 1, 2, 3, 4, 4]


def test_the_guard_gets_all_that_ties_samples_together(sample):
    rows = [sample("a", duplicate="d"), replace(sample("b"), origin="a", synthetic=True)]
    lineage = lineage_of(rows)
    assert lineage.ids == ["a", "b"]
    assert lineage.duplicates == ["d", ""]
    assert lineage.origins == ["", "a"]
    assert lineage.synthetic == [False, True]


@given(
    st.lists(
        st.tuples(st.sampled_from("xyz "), st.sampled_from("abcd "), st.text("12 ", max_size=1))
    )
)
def test_samples_that_share_anything_are_in_one_group_and_no_others_are(ties):
    """Compared with a search that goes from sample to sample by what they share."""
    rows = [
        replace(_of_a_file(Path("/x.wav")), id=str(n), group=g.strip(), song=s.strip() or str(n),
                duplicate=d.strip())
        for n, (g, s, d) in enumerate(ties)
    ]  # fmt: skip
    if not rows:
        return
    groups = groups_of(rows)
    for start in range(len(rows)):
        reached, waiting = {start}, [start]
        while waiting:
            one = rows[waiting.pop()]
            for n, other in enumerate(rows):
                if n not in reached and _tied(one, other):
                    reached.add(n)
                    waiting.append(n)
        assert reached == set(np.flatnonzero(groups == groups[start]).tolist())


def _tied(one, other):
    names = ("group", "song", "duplicate")
    return any(getattr(one, name) and getattr(one, name) == getattr(other, name) for name in names)
