from __future__ import annotations

import numpy as np
import pytest
import symusic

from moodprint.pitch import Key
from moodprint.tags import Tags

pytest.importorskip("mir_eval")


def _midi(path, starts, pitches, bpm=100.0, signature=None):
    score = symusic.Score(480)
    score.tempos.append(symusic.Tempo(0, qpm=bpm))
    if signature is not None:
        score.key_signatures.append(symusic.KeySignature(0, signature, 0))
    track = symusic.Track()
    for start, pitch in zip(starts, pitches, strict=True):
        track.notes.append(symusic.Note(round(start), 240, pitch, 80))
    score.tracks.append(track)
    score.dump_midi(str(path))
    return path


C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 60, 64, 67, 72]


def test_a_tempo_is_known_where_notes_keep_to_it(tmp_path):
    from tags import tempo_of

    steady = _midi(tmp_path / "a.mid", np.arange(12) * 240, C_MAJOR)
    free = _midi(tmp_path / "b.mid", np.arange(12) * 263 + 51, C_MAJOR)
    assert tempo_of(steady) == pytest.approx(100, abs=0.1)
    assert tempo_of(free) is None


def test_a_key_is_that_of_the_signature_else_of_the_notes(tmp_path):
    from tags import key_of

    starts = np.arange(12) * 240
    assert key_of(_midi(tmp_path / "a.mid", starts, C_MAJOR)) == (Key(0, minor=False), False)
    g_major = [pitch + 7 for pitch in C_MAJOR]
    signed = key_of(_midi(tmp_path / "b.mid", starts, g_major, signature=1))
    assert signed == (Key(7, minor=False), True)
    every_note = _midi(tmp_path / "c.mid", starts, range(60, 72))
    assert key_of(every_note)[0] in (None, Key(0, minor=False))


@pytest.mark.parametrize(
    ("said", "first", "second"), [(103, True, True), (51, False, True), (140, False, False)]
)
def test_a_tempo_is_right_within_4_percent_octaves_forgiven(said, first, second):
    from tags import is_tempo

    assert is_tempo(100, said, (1,)) is first
    assert is_tempo(100, said, (1, 2, 3, 1 / 2, 1 / 3)) is second


def test_no_tempo_is_wrong():
    from tags import is_tempo

    assert not is_tempo(100, None, (1, 2))


def test_lines_count_what_is_right():
    from tags import Piece, key_lines, tempo_lines

    right = Tags(100.0, 0.5, "A minor", "8A", 0.9, -10.0, 5.0)
    wrong = Tags(201.0, 0.5, "E minor", "9A", 0.9, -10.0, 5.0)
    pieces = [Piece("a", 100.0, Key(9, minor=True), True, tags, 133.0) for tags in (right, wrong)]
    assert list(tempo_lines("midi", pieces)) == [
        "| midi, 2 | moodprint | 0.50 | 1.00 | 0.25% |",
        "| midi, 2 | librosa, beat_track | 0.00 | 0.00 | - |",
    ]
    assert list(key_lines("signature", pieces)) == ["| signature | 2 | 0.50 | 0.75 |"]
