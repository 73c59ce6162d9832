from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.bundle import open_bundle
from moodprint.errors import NotMediaError
from moodprint.generation.midi.note_creation import NoteRule
from moodprint.generation.midi.transcribe import BUNDLE, activations, transcribe
from moodprint.generation.midi.transcription_card import GRAPH

TUNE = [(0.5, 1.2, 60), (1.5, 2.2, 64), (2.5, 3.2, 67), (2.5, 3.2, 48), (3.6, 5.0, 72)]


def _plucked(tune: list[tuple[float, float, int]], duration_s: float, rate_hz: int) -> np.ndarray:
    out = np.zeros(int(duration_s * rate_hz))
    for start_s, end_s, pitch in tune:
        time_s = np.arange(int((end_s - start_s) * rate_hz)) / rate_hz
        frequency_hz = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * frequency_hz * h * time_s) / h**1.5 for h in range(1, 8))
        first = int(start_s * rate_hz)
        place = out[first : first + len(time_s)]
        place += (tone * np.exp(-2 * time_s))[: len(place)]
    return 0.2 * out


def test_a_tune_is_heard(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tune.wav", _plucked(TUNE, 5.5, 44_100), 44_100)
    score = transcribe(tmp_path / "tune.wav", NoteRule(0.5, 0.3, 11, True))
    heard = {(n.pitch_midi, round(n.start_s, 1)) for n in score.notes}
    for start_s, _, pitch in TUNE:
        assert any(p == pitch and abs(s - start_s) <= 0.1 for p, s in heard), (pitch, heard)
    assert len(heard) <= len(TUNE) + 2


def test_blocks_do_not_matter_and_times_are_those_of_the_frames() -> None:
    sound = _plucked(TUNE, 4.0, 22_050).astype(np.float32)
    whole = activations([sound])
    parts = activations(np.split(sound, [5, 30_000, 30_001, 70_000]))
    np.testing.assert_array_equal(whole.note, parts.note)
    assert whole.times_s[-1] < 4.0
    assert len(whole.times_s) == len(whole.note) == len(whole.onset)
    assert np.diff(whole.times_s).min() > 0.002  # where two windows meet
    assert np.diff(whole.times_s).max() < 0.013
    begun = whole.times_s[whole.onset[:, 60 - 21].argmax()]
    assert begun == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("depth", "rate_hz"), [(0.0, 1.0), (0.5, 4.0)])
def test_kept_bends_follow_a_vibrato(tmp_path: Path, depth: float, rate_hz: float) -> None:
    time_s = np.arange(2 * 22_050) / 22_050
    semitones = depth * np.sin(2 * np.pi * rate_hz * time_s)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** (semitones / 12)) / 22_050
    tone = sum(np.sin(phase * h) / h**1.5 for h in range(1, 8))
    soundfile.write(tmp_path / "tone.wav", 0.2 * tone * np.minimum(1, 100 * time_s), 22_050)
    score = transcribe(tmp_path / "tone.wav", keep_bends=True)
    note = max(score.notes, key=lambda note: note.duration_s)
    assert (note.pitch_midi, round(note.duration_s)) == (69, 2)
    heard_s = note.start_s + np.arange(len(note.bends)) / len(note.bends) * note.duration_s
    error = np.abs(np.array(note.bends) - np.interp(heard_s, time_s, semitones))
    assert np.quantile(error, 0.95) < 1 / 3
    straight = transcribe(tmp_path / "tone.wav").notes
    assert straight == tuple(note._replace(bends=()) for note in score.notes)


def test_silence_has_no_notes(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(30_000), 22_050)
    assert transcribe(tmp_path / "silence.wav").notes == ()


def test_no_sound_has_no_frames() -> None:
    assert activations([]).note.shape == (0, 88)


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.mp3").write_bytes(b"no sound at all" * 20)
    with pytest.raises(NotMediaError):
        transcribe(tmp_path / "x.mp3")


def test_the_network_is_the_one_of_its_card() -> None:
    bundle = open_bundle(BUNDLE)
    assert bundle.read(GRAPH)
    assert b"Spotify" in bundle.beside("NOTICE")
