"""Notes found in rendered MIDI, ours beside the package basic-pitch: how many are right?

    python benchmarks/notes.py --midi FOLDER --soundfont FluidR3_GM.sf2 [--songs 8] [--seconds 30]

Each song is played by a piano of the SoundFont and transcribed again; a note is right where its
pitch is, and its onset within 50 ms (mir_eval). The same sound goes to basic-pitch (its own
network file and note creation, default settings) where it is installed; TensorFlow is not needed:
pip install --no-deps basic-pitch resampy pretty_midi; pip install librosa "setuptools<81".
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mir_eval
import numpy as np
import soundfile

from moodprint.generation.midi.read import read_midi
from moodprint.generation.midi.score import Score, ScoreNote
from moodprint.generation.midi.transcribe import transcribe
from moodprint.generation.soundfont import SoundFont
from moodprint.pitch import midi_to_hz

RATE_HZ = 22_050
RELEASE_S = 0.5
ONSET_TOLERANCE_S = 0.05

Listener = Callable[[Path], list[ScoreNote]]


def main() -> None:
    options = _options()
    font = SoundFont(options.soundfont, RATE_HZ)
    listeners: dict[str, Listener] = {"moodprint": lambda path: list(transcribe(path).notes)}
    if (peer := _basic_pitch()) is not None:
        listeners["basic-pitch"] = peer
    scores: dict[str, list[tuple[float, ...]]] = {name: [] for name in listeners}
    spent_s = dict.fromkeys(listeners, 0.0)
    paths = sorted(options.midi.glob("*.mid"))
    for path in paths[:: max(1, len(paths) // options.songs)][: options.songs]:
        truth = _beginning(read_midi(path).score, options.seconds)
        with tempfile.TemporaryDirectory() as folder:
            sound = Path(folder) / "song.wav"
            soundfile.write(sound, _played(truth, font), RATE_HZ)
            for name, listen in listeners.items():
                before = time.process_time()
                found = listen(sound)
                spent_s[name] += time.process_time() - before
                scores[name].append(_scored(truth.notes, found))
    print("| transcribed by | songs | precision | recall | F | CPU s |\n|---|---|---|---|---|---|")
    for name, rows in scores.items():
        means = " | ".join(f"{value:.3f}" for value in np.mean(rows, axis=0))
        print(f"| {name} | {len(rows)} | {means} | {spent_s[name]:.1f} |")


def _beginning(score: Score, seconds: float) -> Score:
    return score.with_notes([note for note in score.melodic if note.end_s <= seconds])


def _played(score: Score, font: SoundFont) -> np.ndarray:
    mix = np.zeros(round((score.duration_s + RELEASE_S + 1) * RATE_HZ), np.float32)
    for note in score.notes:
        sound = font.note(
            0, note.pitch_midi, note.velocity, note.duration_s, note.duration_s + RELEASE_S
        )
        first = round(note.start_s * RATE_HZ)
        mix[first : first + len(sound)] += sound[: len(mix) - first]
    return 0.7 * mix / np.abs(mix).max()


def _scored(truth: tuple[ScoreNote, ...], found: list[ScoreNote]) -> tuple[float, ...]:
    precision, recall, f_measure, _ = mir_eval.transcription.precision_recall_f1_overlap(
        *_arrays(truth), *_arrays(found), onset_tolerance=ONSET_TOLERANCE_S, offset_ratio=None
    )
    return precision, recall, f_measure


def _arrays(notes: tuple[ScoreNote, ...] | list[ScoreNote]) -> tuple[np.ndarray, np.ndarray]:
    """Intervals [n, 2] in seconds and pitches [n] in Hz."""
    intervals = np.array([(note.start_s, note.end_s) for note in notes]).reshape(-1, 2)
    pitches = np.array([note.pitch_midi for note in notes], float)
    return intervals, midi_to_hz(pitches)


def _basic_pitch() -> Listener | None:
    try:
        from basic_pitch import FilenameSuffix, build_icassp_2022_model_path
        from basic_pitch.inference import Model, predict
    except ImportError as error:
        print(f"basic-pitch: not here ({error})")
        return None
    model = Model(build_icassp_2022_model_path(FilenameSuffix.onnx))

    def listen(path: Path) -> list[ScoreNote]:
        _, _, events = predict(path, model)
        return [ScoreNote(s, e, int(p), max(1, round(127 * a))) for s, e, p, a, _ in events]

    return listen


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--midi", type=Path, required=True)
    parser.add_argument("--soundfont", type=Path, required=True)
    parser.add_argument("--songs", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
