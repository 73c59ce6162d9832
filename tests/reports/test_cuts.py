"""Shared tracks are written as sound files, from the use with the least speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.audio.decode import decode
from moodprint.errors import OptionError
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.reports.cuts import cut_tracks

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_track_is_cut_where_no_voice_lies_over_it(tmp_path: Path) -> None:
    film = str(EXAMPLES / "film.mp4")
    uses = (TrackUse(film, 20.5, 30.5), TrackUse(str(EXAMPLES / "song.mp3"), 10.0, 20.0))
    made, failed = cut_tracks([SharedTrack("track A", uses)], tmp_path / "cut", workers=1)
    assert (made, failed) == ([tmp_path / "cut" / "track A.flac"], [])
    cut = decode(made[0], mono=True)
    song = decode(EXAMPLES / "song.mp3", mono=True, start_s=10, stop_s=20)
    assert cut.duration_s == pytest.approx(10, abs=0.01)
    assert np.corrcoef(cut.samples[0], song.samples[0][: cut.samples.shape[1]])[0, 1] > 0.99


def test_what_cannot_be_cut_is_told_and_the_rest_is_made(tmp_path: Path) -> None:
    tone = 0.1 * np.sin(np.arange(80_000) / 5)
    soundfile.write(tmp_path / "tone.wav", tone, 16_000)
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    tracks = [
        SharedTrack("track A", (TrackUse(str(tmp_path / "bad.wav"), 0, 3),)),
        SharedTrack("../evil/name.mp3", (TrackUse(str(tmp_path / "tone.wav"), 1, 3),), known=True),
    ]
    made, failed = cut_tracks(tracks, tmp_path / "cut", workers=1)
    assert made == [tmp_path / "cut" / "name.flac"]
    assert decode(made[0]).duration_s == pytest.approx(2, abs=0.01)
    [(path, reason)] = failed
    assert path == str(tmp_path / "bad.wav")
    assert reason.startswith(path)


def test_a_file_is_never_cut_over_itself(tmp_path: Path) -> None:
    source = tmp_path / "track A.flac"
    soundfile.write(source, np.zeros(16_000), 16_000)
    before = source.read_bytes()
    with pytest.raises(OptionError, match="stays as it is"):
        cut_tracks([SharedTrack("track A", (TrackUse(str(source), 0, 1),))], tmp_path)
    assert source.read_bytes() == before
