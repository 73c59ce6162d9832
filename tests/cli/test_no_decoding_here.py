"""No command decodes a file in the process that the user started: a file can end its reader.

Every command has a line here, or is named as one that reads no media; a new one without either
fails.
"""

from __future__ import annotations

from typing import Any, NoReturn

import av
import pytest
import soundfile
from command_lines import LINES, NEEDS, READ_NO_MEDIA, fill_folder
from every_command import COMMANDS

from moodprint.audio.decode import decode
from moodprint.cli.app import main
from moodprint.generation.midi.read import read_midi


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """Where every line has something to work on."""
    folder = tmp_path_factory.mktemp("work")
    fill_folder(folder)
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
    monkeypatch.setattr("moodprint.generation.midi.read.parse_smf", refuse)
    return noted


def _known_commands() -> set[str]:
    return {command.words.removeprefix("moodprint ") for command in COMMANDS}


def test_every_command_is_tried_or_reads_no_media() -> None:
    assert not set(LINES) & READ_NO_MEDIA
    assert set(LINES) | READ_NO_MEDIA == _known_commands()


TOO_FEW_LABELS = {"teach"}
"""What hears all files, and then asks for more of them."""


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
    assert ended.value.code == (1 if command in TOO_FEW_LABELS else 0), err


def test_the_guard_would_notice(folder, refused) -> None:
    for name in ("songs/a.wav", "film.mkv"):
        with pytest.raises(AssertionError, match="decoded in the process"):
            decode(folder / name)
    with pytest.raises(AssertionError, match="decoded in the process"):
        read_midi(folder / "song.mid")
    assert len(refused) == 3
