"""From a compilation to its songs."""

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.media import Chapter
from moodprint.audio.silence import Span
from moodprint.corpus.find_songs import Song, SongRule, cut_at_chapters, find_songs, joined
from moodprint.errors import MissingFileError, NotMediaError, OptionError

RATE = 32_000


def noise_of_strokes(seconds, seed):
    """Noise that dies away three times a second: loud, and never steady."""
    at = np.arange(round(seconds * RATE)) / RATE
    strokes = 0.1 + 0.9 * np.exp(-6 * (at % 0.33))
    return 0.3 * strokes * np.random.default_rng(seed).uniform(-1, 1, len(at))


def compilation(path, *, pause_s=1.2, songs=3, song_s=5):
    parts = []
    for number in range(songs):
        parts += [noise_of_strokes(song_s, number), np.zeros(round(pause_s * RATE))]
    soundfile.write(path, np.concatenate(parts[:-1]), RATE)
    return path


def spans(*times):
    return tuple(Span(*pair) for pair in times)


def times(songs):
    return [(song.span.start_s, song.span.end_s) for song in songs]


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_a_compilation_of_any_format(tmp_path, suffix):
    songs = find_songs(compilation(tmp_path / f"mix.{suffix}"))
    np.testing.assert_allclose(times(songs), [(0, 5), (6.2, 11.2), (12.4, 17.4)], atol=0.05)


def test_a_short_part_joins_the_nearer_neighbour():
    parts = spans((0, 10), (11, 12), (15, 30))
    assert joined(parts, 2.0) == spans((0, 12), (15, 30))
    assert joined(parts, 0.5) == parts
    assert joined(spans((0, 1)), 5.0) == spans((0, 1))
    assert joined(spans((0, 1), (2, 3), (4, 5)), 100.0) == spans((0, 5))


@given(st.lists(st.floats(0.1, 5), min_size=2, max_size=20), st.floats(0, 8))
def test_joining_loses_no_sound(lengths, min_song_s):
    edges = np.cumsum(lengths)
    parts = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    left = joined(parts, min_song_s)
    assert (left[0].start_s, left[-1].end_s) == (parts[0].start_s, parts[-1].end_s)
    assert {span.start_s for span in left} <= {span.start_s for span in parts}
    assert len(left) == 1 or min(span.duration_s for span in left) >= min_song_s


def test_chapters_are_snapped_to_pauses_and_rests_amid_them_are_left():
    parts = spans((0, 20), (21, 40), (41.5, 60), (61, 80))
    marks = [Chapter(0, 41, "one"), Chapter(42, 70, "two"), Chapter(70, 80, "three")]
    assert cut_at_chapters(parts, marks) == (
        Song(Span(0, 40), "one"),
        Song(Span(41.5, 70), "two"),
        Song(Span(70, 80), "three"),
    )


def test_chapters_past_the_sound_hold_no_song():
    marks = [Chapter(0, 10), Chapter(10, 50), Chapter(50, 60)]
    assert times(cut_at_chapters(spans((0, 9), (10, 30)), marks)) == [(0, 9), (10, 30)]
    assert cut_at_chapters((), marks) == ()


def test_chapter_marks_in_a_file(tmp_path):
    """A rest of 1.2 s amid the second chapter does not split it, unless marks are not used."""
    av = pytest.importorskip("av")
    path = tmp_path / "mix.mka"
    wav = compilation(tmp_path / "mix.wav")
    with av.open(str(wav)) as source, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(source.streams.audio[0])
        out.set_chapters(
            [
                {"id": 1, "start": 0, "end": 6000, "time_base": _ms(), "metadata": {}},
                {"id": 2, "start": 6000, "end": 17400, "time_base": _ms(), "metadata": {}},
            ]
        )
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    np.testing.assert_allclose(times(find_songs(path)), [(0, 5), (6.2, 17.4)], atol=0.05)
    assert len(find_songs(path, SongRule(use_chapters=False))) == 3


def _ms():
    from fractions import Fraction

    return Fraction(1, 1000)


def test_bad_files_and_options(tmp_path):
    with pytest.raises(MissingFileError):
        find_songs(tmp_path / "none.mp3")
    (tmp_path / "text.mp3").write_text("this is no sound")
    with pytest.raises(NotMediaError):
        find_songs(tmp_path / "text.mp3")
    with pytest.raises(OptionError):
        SongRule(min_pause_s=0)
    with pytest.raises(OptionError):
        SongRule(min_song_s=-1)


def test_a_silent_file_has_no_songs(tmp_path):
    soundfile.write(tmp_path / "still.wav", np.zeros(5 * RATE), RATE)
    assert find_songs(tmp_path / "still.wav") == ()
