"""Equal sound is found under every name that it may have, and other sound is left alone."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset import same_sound
from moodprint.dataset.same_sound import with_duplicates
from moodprint.dataset.samples import FileStretch, Sample, groups_of

MIX = Path("/music/mix.mp3")


def _sample(name, excerpt, **more):
    return Sample(name, excerpt, "sad", f"group {name}", f"song {name}", "c", **more)


def _files(*paths):
    return [_sample(str(number), Excerpt(path)) for number, path in enumerate(paths)]


def _sets(samples):
    """Groups of sample ids that became one, by what ``duplicate`` says."""
    found = with_duplicates(samples)
    assert [replace(each, duplicate="") for each in found] == [
        replace(each, duplicate="") for each in samples
    ]
    by_name = {}
    for each in found:
        by_name.setdefault(each.duplicate or f"alone: {each.id}", []).append(each.id)
    return sorted(by_name.values())


@pytest.fixture
def folder(tmp_path):
    """Files a and b of the same bytes, c of the same size, d of another."""
    for name, content in {"a": b"one", "b": b"one", "c": b"two", "d": b"three"}.items():
        (tmp_path / f"{name}.wav").write_bytes(content)
    return tmp_path


def test_equal_bytes_are_one_set_under_different_names(folder):
    samples = _files(*(folder / f"{name}.wav" for name in "abcd"), folder / "gone.wav")
    assert _sets(samples) == [["0", "1"], ["2"], ["3"], ["4"]]
    assert len(set(groups_of(with_duplicates(samples)))) == 4


def test_one_path_is_one_file_however_it_is_written(folder):
    (folder / "link.wav").symlink_to(folder / "c.wav")
    (folder / "sub").mkdir()
    same = (folder / "c.wav", folder / "sub" / ".." / "c.wav", folder / "link.wav")
    assert _sets(_files(*same)) == [["0", "1", "2"]]


def test_a_file_that_is_gone_is_equal_to_itself(tmp_path):
    gone = (tmp_path / "gone.wav", tmp_path / "." / "gone.wav", tmp_path / "other.wav")
    assert _sets(_files(*gone)) == [["0", "1"], ["2"]]


def test_songs_of_one_compilation_stay_apart():
    songs = [_sample(str(n), Excerpt(MIX, 60.0 * n, 60.0 * n + 55)) for n in range(3)]
    touching = _sample("next", Excerpt(MIX, 175.0, 180.0))
    assert _sets([*songs, touching]) == [["0"], ["1"], ["2"], ["next"]]


def test_stretches_that_overlap_are_one_set_through_others_too():
    times = {
        "a": (0.0, 10.0),
        "b": (5.0, 7.0),
        "c": (9.0, 20.0),
        "d": (30.0, None),
        "e": (99.0, 100.0),
    }
    samples = [_sample(name, Excerpt(MIX, *of)) for name, of in times.items()]
    assert _sets(samples) == [["a", "b", "c"], ["d", "e"]]
    assert _sets(samples[::-1]) == [["c", "b", "a"], ["e", "d"]]


def test_a_whole_file_is_the_same_as_each_song_in_it():
    parts = [_sample(str(n), Excerpt(MIX, 60.0 * n, 60.0 * n + 55)) for n in range(2)]
    assert _sets([*parts, _sample("whole", Excerpt(MIX))]) == [["0", "1", "whole"]]


def _clip(name, file, source, start_s, sha256="", source_sha256="s"):
    """A clip that was cut out of a source and written, as a manifest describes it."""
    stretches = (
        FileStretch(Excerpt(Path(file)), sha256 or name),
        FileStretch(Excerpt(Path(source), start_s, start_s + 5), source_sha256),
    )
    return _sample(name, stretches[0].excerpt, stretches=stretches)


def test_written_clips_are_told_by_what_they_were_cut_from():
    one = [_clip(f"one {n}", f"/one/{n}.ogg", "/music/mix.mp3", 5.0 * n) for n in range(2)]
    two = [_clip(f"two {n}", f"/two/{n}.ogg", "/copy/mix.mp3", 5.0 * n) for n in range(2)]
    assert _sets([*one, *two]) == [["one 0", "two 0"], ["one 1", "two 1"]]


def test_a_written_clip_is_told_from_a_reference_of_another_source():
    written = _clip("written", "/one/0.ogg", "/music/mix.mp3", 0.0)
    same = FileStretch(Excerpt(Path("/copy.mp3"), 2.0, 7.0), "s")
    other = FileStretch(Excerpt(Path("/copy.mp3"), 2.0, 7.0), "another")
    for stretch, together in ((same, True), (other, False)):
        referenced = _sample("referenced", stretch.excerpt, stretches=(stretch,))
        assert (len(_sets([written, referenced])) == 1) == together


def test_a_clip_that_is_listed_elsewhere_is_found_by_its_bytes(folder):
    listed = _sample("listed", Excerpt(folder / "a.wav"))
    clip = _clip("clip", str(folder / "b.wav"), "/gone.mp3", 0.0, sha256=_sha256(folder / "b.wav"))
    assert _sets([listed, clip]) == [["listed", "clip"]]


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_sets_that_are_named_already_are_joined_with_what_is_found(folder):
    a, b, c = _files(*(folder / f"{name}.wav" for name in "abc"))
    named = [replace(a, duplicate="cover"), b, replace(c, duplicate="cover")]
    found = with_duplicates(named)
    assert [each.duplicate for each in found] == ["cover"] * 3
    alone = [replace(c, duplicate="alone")]
    assert with_duplicates(alone) == alone


def test_only_files_of_equal_size_are_read(folder, monkeypatch):
    read = []
    monkeypatch.setattr(
        same_sound, "hash_file", lambda path, _: read.append(Path(path).name) or path
    )
    with_duplicates(_files(*(folder / f"{name}.wav" for name in "abcd")))
    assert sorted(read) == ["a.wav", "b.wav", "c.wav"]


def test_a_file_that_may_not_be_read_is_left_to_the_features(folder, monkeypatch):
    def refused(path, _):
        raise PermissionError(path)

    monkeypatch.setattr(same_sound, "hash_file", refused)
    assert _sets(_files(folder / "a.wav", folder / "b.wav")) == [["0"], ["1"]]


def test_no_samples_are_no_trouble():
    assert with_duplicates([]) == []
