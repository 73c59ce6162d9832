"""No command decodes a file in the process that the user started: a file can end its reader.

Every command has a line here, or is named as one that reads no media; a new one without either
fails.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn

import av
import numpy as np
import pitched_notes
import pytest
import soundfile
import symusic
from every_command import COMMANDS
from midi_writer import midi_bytes
from two_tracks import two_tracks

from moodprint.audio.decode import decode
from moodprint.cli.app import main
from moodprint.corpus.build import BuildSettings, build
from moodprint.errors import InputError
from moodprint.fingerprint import MatchIndex
from moodprint.generation.midi.read import read_midi
from moodprint.generation.note_quality.note_shards import Note, NoteLabel, write_shards

READ_NO_MEDIA = {
    "models list", "models info", "models import-gansynth", "features list",
    "generate instruments",
    "corpus info",
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
    "features extract": ["songs film.mkv built --out table.csv --cache cache"],
    "evaluate music": ["labels.csv", "built"],
    "evaluate notes": ["notes --notes notes"],
    "study run": ["study.yaml --out study --cache cache"],
    "train": ["study.yaml --model ear --out tuned --epochs 1"],
    "generate notes": ["song.mid --out notes.wav", "songs/a.wav --out heard.flac"],
}
NEEDS = {"train": ["torch", "audiomentations"], "study run": ["sklearn", "audiomentations"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """Songs, a film, MIDI, a corpus, an index and prepared notes."""
    folder = tmp_path_factory.mktemp("work")
    time_s = np.arange(3 * 16_000) / 16_000
    for number, name in enumerate("abcd"):
        (folder / "songs").mkdir(exist_ok=True)
        tone = np.sin(2 * np.pi * 220 * (number + 2) * time_s) * (np.sin(9 * time_s) > 0)
        soundfile.write(folder / "songs" / f"{name}.wav", tone * 0.5, 16_000)
    two_tracks(folder / "film.mkv")
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
    return folder


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What decodes raises in this process, and is noted here, in case that the error is caught; in
    other processes it is as ever."""
    noted: list[object] = []
    open_container, open_sound = av.open, soundfile.SoundFile.__init__

    def refuse(what: object, **_: object) -> NoReturn:
        noted.append(what)
        raise AssertionError(f"decoded in the process that the user started: {what}")

    def open_container_to_write(file: Any, mode: Any = None, *rest: Any, **more: Any) -> Any:
        return open_container(file, mode, *rest, **more) if mode == "w" else refuse(file)

    def open_sound_to_write(self: Any, file: Any, mode: Any = "r", *rest: Any, **more: Any) -> None:
        open_sound(self, file, mode, *rest, **more) if "w" in str(mode) else refuse(file)

    monkeypatch.setattr(av, "open", open_container_to_write)
    monkeypatch.setattr(soundfile.SoundFile, "__init__", open_sound_to_write)
    monkeypatch.setattr(symusic, "Score", SimpleNamespace(from_midi=refuse, from_file=refuse))
    return noted


def _known_commands() -> set[str]:
    return {command.words.removeprefix("moodprint ") for command in COMMANDS}


def test_every_command_is_tried_or_reads_no_media() -> None:
    assert not set(LINES) & READ_NO_MEDIA
    assert set(LINES) | READ_NO_MEDIA == _known_commands()


@pytest.mark.parametrize(
    ("command", "words"), [(name, line) for name, lines in LINES.items() for line in lines]
)
def test_nothing_is_decoded_here(
    folder, refused, monkeypatch, capfd, command: str, words: str
) -> None:
    for package in NEEDS.get(command, ()):
        pytest.importorskip(package)
    monkeypatch.chdir(folder)
    known = {each.words.removeprefix("moodprint "): each for each in COMMANDS}[command]
    one_worker = ["--workers", "1"] if "--workers" in known.options else []
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), *words.split(), *one_worker])
    err = capfd.readouterr().err
    assert refused == []
    assert "left out" not in err
    assert ended.value.code == 0, err


def test_the_guard_would_notice(folder, refused) -> None:
    for name in ("songs/a.wav", "film.mkv"):
        with pytest.raises(AssertionError, match="decoded in the process"):
            decode(folder / name)
    with pytest.raises(InputError):
        read_midi(folder / "song.mid")
    assert len(refused) == 3
