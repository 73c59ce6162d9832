"""A line for every command, and a folder in which all of them have something to work on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pitched_notes
import soundfile
from midi_writer import midi_bytes
from tiny_generator import TINY_GENERATOR
from two_tracks import two_tracks

from moodprint.corpus.build import BuildSettings, build
from moodprint.fingerprint import MatchIndex
from moodprint.generation.note_quality.note_shards import Note, NoteLabel, write_shards
from moodprint.generation.spectrogram.parameters import PictureParameters
from moodprint.generation.spectrogram.picture import picture_bytes

READ_NO_MEDIA = {
    "models list", "models info", "models import-gansynth", "features list",
    "generate instruments", "generate prompt", "generate corpus",
    "corpus info",
    "serve",  # its own tests have calls in the place of command lines
    "keys add", "keys list", "keys remove",
    "corpus collect",  # moves files as they are
}  # fmt: skip

STUDY = """
corpora: [{name: songs, labels: labels.csv}, {name: toys, toy_songs: 3}]
features: [acoustic]
models: [dummy]
folds: 2
finalists: 1
segment_s: 1.0
augment: {factor: 1, transforms: [gain]}
"""

LINES = {
    "analyze": [
        "songs film.mkv --report page.html --sharing --out moods.json",
        "songs/a.wav --explain",
    ],
    "corpus split": ["songs/a.wav"],
    "corpus build": ["songs --out corpus --write flac --length 1"],
    "corpus validate": ["built"],
    "match index": ["songs --index index"],
    "match query": [
        "songs --index known",
        "songs --all-pairs --format html --out shared.html",
        "songs songs/../songs/b.wav film.mkv --all-pairs --cut cuts",
    ],
    "features extract": [
        "songs film.mkv built --out table.csv --cache cache",
        "songs film.mkv --set tags --out tags.csv",
    ],
    "evaluate music": ["labels.csv", "built"],
    "teach": ["labels.csv --out mine"],
    "evaluate generated": ["many --real many --seconds 1 --workers 1"],
    "evaluate notes": ["notes --notes notes"],
    "study init": [". --out plan.yaml"],
    "study ablation": [
        "labels.csv labels.csv --made built --out ablation --share 1 --seed 1",
    ],
    "study run": ["study.yaml --out study --cache cache"],
    "train": ["study.yaml --model ear --out tuned --epochs 1"],
    "generate music": [
        f"happy --engine diffusion --model {TINY_GENERATOR} --seconds 1 --steps 2 "
        "--init songs/a.wav --out drawn.wav"
    ],
    "generate blend": [
        f"songs/a.wav sad --model {TINY_GENERATOR} --seconds 1 --steps 2 --out blend.wav"
    ],
    "generate image": [
        "songs/a.wav --out drawn.png --seconds 2",
        "film.mkv --stereo --out two.png",
    ],
    "generate sound": ["picture.png --out sounded.wav --iterations 1"],
    "generate notes": ["song.mid --out notes.wav", "songs/a.wav --out heard.flac"],
}
NEEDS = {"train": ["torch", "audiomentations"], "study run": ["sklearn", "audiomentations"]}


def fill_folder(folder: Path) -> None:
    """Songs, a film, MIDI, a corpus, an index and prepared notes."""
    time_s = np.arange(3 * 16_000) / 16_000
    for number, name in enumerate("abcd"):
        (folder / "songs").mkdir(exist_ok=True)
        tone = np.sin(2 * np.pi * 220 * (number + 2) * time_s) * (np.sin(9 * time_s) > 0)
        soundfile.write(folder / "songs" / f"{name}.wav", tone * 0.5, 16_000)
    (folder / "many").mkdir()
    for number in range(16):
        tone = np.sin(2 * np.pi * 110 * (number + 2) * time_s[:16_000])
        soundfile.write(folder / "many" / f"{number:02}.wav", tone * 0.5, 16_000)
    two_tracks(folder / "film.mkv")
    tone = np.abs(np.random.default_rng(1).standard_normal((1, 60, 512))).astype(np.float32)
    (folder / "picture.png").write_bytes(picture_bytes(tone, PictureParameters()))
    (folder / "song.mid").write_bytes(midi_bytes([[(0, 480, 60, 90), (480, 960, 64, 90)]]))
    rows = zip("abcd", ("happy", "sad", "happy", "sad"), strict=True)
    lines = [f"songs/{name}.wav,{label},{name}" for name, label in rows]
    (folder / "labels.csv").write_text("\n".join(["file,emotion,group", *lines]))
    (folder / "study.yaml").write_text(STUDY)
    emotions = folder / "by_emotion" / "sad"
    emotions.mkdir(parents=True)
    (emotions / "a.wav").write_bytes((folder / "songs" / "a.wav").read_bytes())
    build(folder / "by_emotion", folder / "built", BuildSettings(workers=1))
    MatchIndex.create(folder / "known").add([folder / "songs" / "a.wav"], workers=1)
    notes = zip(*pitched_notes.notes(80, 1), strict=True)
    made = (Note(NoteLabel("tone", int(pitch), 100, "test"), sound) for sound, pitch in notes)
    write_shards(made, folder / "notes")
