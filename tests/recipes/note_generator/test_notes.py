import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recipes.note_generator.notes import (
    MELODIC_PROGRAMS,
    nsynth_notes,
    prepared,
    recorded_notes,
    rendered,
    soundfont_notes,
)

from moodprint.errors import InputError, MissingFileError, MoodprintError
from moodprint.generation.note_generator.generator import NOTE_SAMPLES

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")


def _tone(frequency_hz: float, duration_s: float, rate_hz: int = 16_000) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * np.arange(int(duration_s * rate_hz)) / rate_hz)


def test_a_note_has_its_length_and_peak_and_begins_at_its_onset() -> None:
    sound = np.concatenate([np.zeros(5_000), 0.01 * _tone(440, 5.0)]).astype(np.float32)
    note = prepared(sound, from_onset=True)
    assert note is not None
    assert note.shape == (NOTE_SAMPLES,)
    assert np.abs(note).max() == pytest.approx(0.5)
    assert np.abs(note[:10]).max() > 0.1
    short = prepared(sound[:6_000])
    assert short is not None
    assert not short[6_000:].any()


@pytest.mark.parametrize("silent", [np.zeros(100), np.zeros(0), np.full(9, 1e-6)])
def test_silence_is_no_note(silent: np.ndarray) -> None:
    assert prepared(silent.astype(np.float32)) is None


def test_recordings_are_read_with_their_labels(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", 0.3 * _tone(440, 1.0, 44_100), 44_100)
    (tmp_path / "labels.csv").write_text(
        "file,instrument,pitch_midi,dynamic,length\n"
        "a.wav,oboe,69,piano,long\na.wav,oboe,20,piano,long\na.wav,oboe,70,odd,long\n"
    )
    low, loud = rendered(recorded_notes(tmp_path))  # 20 is out of the networks' range
    assert (low.label.instrument, low.label.pitch_midi, low.label.velocity) == ("oboe", 69, 55)
    assert loud.label.velocity == 100
    spectrum = np.abs(np.fft.rfft(low.samples[:16_000]))
    assert spectrum.argmax() == pytest.approx(440, abs=2)


def test_nsynths_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "audio").mkdir()
    examples = {}
    for name, source, pitch in [
        ("b", "acoustic", 60),
        ("a", "acoustic", 90),
        ("c", "synthetic", 60),
    ]:
        soundfile.write(tmp_path / f"audio/{name}.wav", 0.3 * _tone(261.6, 4.0), 16_000)
        examples[name] = {
            "instrument_str": f"guitar_{name}", "instrument_source_str": source, "pitch": pitch,
            "velocity": 75,
        }  # fmt: skip
    (tmp_path / "examples.json").write_text(json.dumps(examples))
    assert [note.label.instrument for note in rendered(nsynth_notes(tmp_path))] == ["guitar_b"]
    both = nsynth_notes(tmp_path, ("acoustic", "synthetic"))
    assert [note.label.instrument for note in both] == ["guitar_b", "guitar_c"]


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("labels.csv", "file,pitch\na.wav,60\n", InputError),
        ("labels.csv", "file,instrument,pitch_midi,dynamic\nnone.wav,x,60,f\n", MissingFileError),
        ("examples.json", "[", InputError),
        ("examples.json", '{"a": {}}', InputError),
        ("nothing", "", MissingFileError),
    ],
)
def test_broken_folders_are_refused(
    tmp_path: Path, name: str, text: str, error: type[MoodprintError]
) -> None:
    (tmp_path / name).write_text(text)
    planned = nsynth_notes if name == "examples.json" else recorded_notes
    with pytest.raises(error):
        list(rendered(planned(tmp_path)))


def test_melodic_programs_leave_out_what_has_no_pitch() -> None:
    assert len(MELODIC_PROGRAMS) == 102
    assert not {47, 55, 100, 119, 127} & set(MELODIC_PROGRAMS)


@pytest.mark.skipif(
    not SOUNDFONT.is_file() or find_spec("tinysoundfont") is None,
    reason="needs tinysoundfont and Debian's fluid-soundfont-gm",
)
def test_a_soundfonts_notes_have_their_pitch() -> None:
    notes = list(rendered(soundfont_notes(SOUNDFONT, velocities=[100], programs=[73])))
    assert [note.label.pitch_midi for note in notes] == list(range(24, 85))
    for note in notes[36::12]:
        expected_hz = 440 * 2 ** ((note.label.pitch_midi - 69) / 12)
        spectrum = np.abs(np.fft.rfft(note.samples[8_000:40_000] * np.hanning(32_000)))
        near = slice(int(expected_hz * 1.9), int(expected_hz * 2.1))  # bins are 0.5 Hz apart
        found_hz = (near.start + spectrum[near].argmax()) / 2
        assert abs(12 * np.log2(found_hz / expected_hz)) < 0.3
        assert np.abs(note.samples[60_000:]).max() < 0.05
