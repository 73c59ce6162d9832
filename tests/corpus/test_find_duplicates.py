"""Pairs of songs by each method, on landmarks and harmonies that are made up."""

from dataclasses import replace

import numpy as np
import pytest
from corpus_songs import description, found_song

from moodprint.corpus import find_duplicates as module
from moodprint.corpus.duplicate_groups import Method
from moodprint.corpus.find_duplicates import by_chroma, by_landmarks, by_names, find_duplicates
from moodprint.corpus.lookup import Recognised
from moodprint.corpus.step_runner import StepRunner
from moodprint.fingerprint.peaks import Peaks, SpectralPeaks


@pytest.fixture
def runner(tmp_path):
    return StepRunner(tmp_path / "cache", workers=1)


def part_of(whole, first_s, last_s):
    """A song that is cut out of another, from its landmarks and harmony."""
    peaks = whole.landmarks.peaks.between(first_s / 0.032, last_s / 0.032)
    moved = Peaks(peaks.frame - np.float32(first_s / 0.032), peaks.octave)
    chroma = whole.chroma[int(2 * first_s) : int(2 * last_s)]
    return replace(whole, chroma=chroma, landmarks=SpectralPeaks(moved, last_s - first_s))


@pytest.fixture
def songs():
    """Three songs, the last of which is 15 s out of the first, from second 8 on."""
    first = description(1)
    return {"a": first, "b": description(2), "c": part_of(first, 8, 23)}


@pytest.mark.parametrize(
    ("method", "kind"), [(by_landmarks, Method.LANDMARKS), (by_chroma, Method.CHROMA)]
)
def test_an_excerpt_is_found_where_it_was_cut_out(songs, runner, method, kind):
    (found,) = method(songs, runner)
    assert (found.pair, found.method) == (("a", "c"), kind)
    offset_s = found.first_offset_s - found.second_offset_s
    assert offset_s * (1 if found.first == "a" else -1) == pytest.approx(8, abs=0.6)
    assert found.speed == pytest.approx(1.0, abs=0.002)
    assert found.pitch_semitones == pytest.approx(0.0, abs=0.1)
    assert found.duration_s == pytest.approx(15, abs=1.5)


def test_weak_landmarks_do_not_count(songs, runner, monkeypatch):
    (found,) = by_landmarks(songs, runner)
    monkeypatch.setattr(module, "LEAST_LANDMARKS", found.score + 1)
    assert by_landmarks(songs, runner) == []


@pytest.mark.parametrize(
    ("method", "decided_by"), [(by_landmarks, "_opened"), (by_chroma, "align")]
)
def test_what_was_compared_is_not_compared_again(songs, runner, monkeypatch, method, decided_by):
    first = method(songs, runner)

    def again(*arguments):
        raise AssertionError("compared again")

    monkeypatch.setattr(module, decided_by, again)
    assert method(songs, runner) == first


def test_a_new_song_is_compared_with_the_others(songs, runner):
    by_landmarks(songs, runner)
    more = {**songs, "d": part_of(songs["b"], 2, 20)}
    assert {found.pair for found in by_landmarks(more, runner)} == {("a", "c"), ("b", "d")}


def test_titles_are_compared_as_people_mean_them():
    songs = [
        found_song("a", details={"title": "01 - Rain (Official Video)"}),
        found_song("b", details={"title": "rain", "artist": "Somebody"}),
        found_song("c", details={"title": "Sun"}),
        found_song("d"),
    ]
    (found,) = by_names(songs)
    assert (found.first, found.second, found.method, found.score) == ("a", "b", Method.NAMES, 0.0)


class OneName:
    """A service that takes every sound for the same."""

    def recognise(self, clip):
        return (Recognised("one", "name"),)


def test_all_methods_together_come_by_pair_and_method(songs, runner, recordings):
    path = str(recordings / "happy" / "mix.flac")
    named = [found_song(name, path=path, details={"title": "Rain"}) for name in "abc"]
    methods = frozenset((Method.LANDMARKS, Method.CHROMA, Method.NAMES))
    found = find_duplicates(named, songs, methods, (OneName(),), runner)
    assert [(each.pair, each.method) for each in found if each.pair == ("a", "c")] == [
        (("a", "c"), method) for method in ("chroma", "landmarks", "names", "network")
    ]
    assert found == sorted(found, key=lambda each: (each.pair, each.method))
    assert find_duplicates(named, songs, frozenset(), (), runner) == []


def test_nothing_and_one_song_have_no_duplicates(songs, runner):
    for some in ({}, {"a": songs["a"]}):
        assert by_landmarks(some, runner) == by_chroma(some, runner) == []
