"""Clips on disk hold the samples of their times, are not written twice, and heal."""

import os

import numpy as np
import pytest
import soundfile
from corpus_songs import found_song
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.silence import Span
from moodprint.corpus.manifest import Row
from moodprint.corpus.step_cache import hash_of
from moodprint.corpus.step_runner import StepRunner
from moodprint.corpus.written_clips import _cut, write_clips
from moodprint.errors import CorpusError, EmptyFileError

RATE = 8000


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Thirty seconds of noise in two channels, every sample of which is known."""
    path = tmp_path_factory.mktemp("source") / "noise.wav"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (30 * RATE, 2)).astype(np.float32)
    soundfile.write(path, noise, RATE, subtype="FLOAT")
    return path, noise.T


def row(name, song, start_s, end_s, path):
    return Row(name, song, str(path), "sad", start_s, end_s, song, "source", "source")


def test_each_clip_is_a_file_with_its_hash(source, tmp_path):
    path, samples = source
    songs = [
        found_song("one", path=str(path), start_s=2.0, end_s=14.0),
        found_song("two", path=str(path), start_s=15.0, end_s=30.0),
    ]
    rows = [
        row("one-1", "one", 2.0, 7.0, path),
        row("one-2", "one", 4.5, 9.5, path),
        row("two-1", "two", 25.0, 30.0, path),
    ]
    runner = StepRunner(tmp_path / ".cache", workers=1)
    written, _ = write_clips(songs, rows, tmp_path, "flac", runner)
    assert [each.id for each in written] == ["one-1", "one-2", "two-1"]
    assert [each.file for each in written] == [f"audio/{each.id}.flac" for each in rows]
    for each in written:
        assert each.hash == hash_of(tmp_path / each.file)
        assert each.source_hash == "source"
        sound, rate = soundfile.read(tmp_path / each.file, dtype="float32")
        first, last = round(each.start_s * RATE), round(each.end_s * RATE)
        assert rate == RATE
        np.testing.assert_allclose(sound.T, samples[:, first:last], atol=2**-15)


def test_whole_files_are_left_and_spoiled_or_missing_ones_written_anew(source, tmp_path):
    path, _ = source
    songs = [found_song("s", path=str(path), start_s=0.0, end_s=30.0)]
    rows = [row(f"s-{at}", "s", at, at + 5.0, path) for at in (0.0, 5.0, 10.0)]
    runner = StepRunner(tmp_path / ".cache", workers=1)
    first, _ = write_clips(songs, rows, tmp_path, "wav", runner)
    whole, spoiled, missing = (tmp_path / each.file for each in first)
    os.utime(whole, (1, 1))
    spoiled.write_bytes(b"spoiled")
    missing.unlink()
    assert write_clips(songs, rows, tmp_path, "wav", runner) == (first, [])
    assert whole.stat().st_mtime == 1
    assert [hash_of(each) for each in (spoiled, missing)] == [each.hash for each in first[1:]]


@given(st.data(), st.floats(0, 10), st.floats(0.5, 20))
def test_any_spans_are_cut_as_out_of_the_whole(source, data, start_s, length_s):
    path, samples = source
    song = found_song("s", path=str(path), start_s=start_s, end_s=start_s + length_s)
    clip_s = data.draw(st.floats(0.01, length_s))
    places = sorted(data.draw(st.lists(st.floats(0, 1), max_size=6)))
    starts = [start_s + place * (length_s - clip_s) for place in places]
    spans = [Span(at, at + clip_s) for at in starts]
    whole = samples[:, round(start_s * RATE) : round((start_s + length_s) * RATE)]
    clips = list(_cut(song, spans))
    assert len(clips) == len(spans)
    for span, clip in zip(spans, clips, strict=True):
        first, last = (round((at - start_s) * RATE) for at in (span.start_s, span.end_s))
        np.testing.assert_array_equal(clip.samples, whole[:, first:last])


def test_a_file_that_ends_before_its_song_gives_what_it_has(source, tmp_path):
    path, _ = source
    song = found_song("s", path=str(path), start_s=20.0, end_s=40.0)
    clips = list(_cut(song, [Span(20.0, 25.0), Span(28.0, 33.0), Span(35.0, 40.0)]))
    assert [clip.samples.shape[1] / RATE for clip in clips] == [5.0, 2.0, 0.0]
    runner = StepRunner(tmp_path / ".cache", workers=1)
    late = row("late", "s", 35.0, 40.0, path)
    written, [(failed, error)] = write_clips([song], [late], tmp_path, "wav", runner)
    assert (written, failed) == ([], song)
    assert isinstance(error, EmptyFileError)
    assert "late.wav" in str(error)


def test_a_recording_that_is_gone_fails_alone(source, tmp_path):
    path, _ = source
    songs = [
        found_song("gone", path="/gone.wav"),
        found_song("s", path=str(path), start_s=0.0, end_s=5.0),
    ]
    rows = [row("a", "gone", 0.0, 5.0, "/gone.wav"), row("b", "s", 0.0, 5.0, path)]
    runner = StepRunner(tmp_path / ".cache", workers=1)
    written, failed = write_clips(songs, rows, tmp_path, "wav", runner)
    assert [each.id for each in written] == ["b"]
    assert [(song.id, str(error)) for song, error in failed] == [
        ("gone", "/gone.wav: does not exist")
    ]


def test_a_place_that_cannot_be_written_ends_the_build(source, tmp_path):
    path, _ = source
    (tmp_path / "audio").write_text("no folder")
    song = found_song("s", path=str(path), start_s=0.0, end_s=5.0)
    runner = StepRunner(tmp_path / ".cache", workers=1)
    with pytest.raises(CorpusError, match=r"cannot go on: .*b\.wav: cannot be written"):
        write_clips([song], [row("b", "s", 0.0, 5.0, path)], tmp_path, "wav", runner)


def test_nothing_is_written_of_nothing(tmp_path):
    assert write_clips([], [], tmp_path, "wav", StepRunner(tmp_path, workers=1)) == ([], [])
    assert not (tmp_path / "audio").exists()
