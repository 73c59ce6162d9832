"""A SoundFont is opened and played in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from moodprint.errors import InputError, MissingExtraError, MissingFileError, WorkerCrashedError
from moodprint.generation import soundfont
from moodprint.generation.soundfont import DRUM_BANK, guarded_soundfont

PLAYER = """
import os
import signal


class Synth:
    def __init__(self, samplerate):
        self.programs = {{(128, 0): f"kit of {{os.getpid()}}"}}

    def sfload(self, path):
        content = open(path, "rb").read()
        if content == b"bomb":
            signal.raise_signal(signal.SIGSEGV)
        if content != b"font":
            raise RuntimeError("no sfbk")
        return 0

    def sfpreset_name(self, font, bank, program):
        return self.programs.get((bank, program))

    def program_select(self, *_):
        open({notes!r}, "a").write(f"{{os.getpid()}}\\n")

    def noteon(self, *_): ...
    def noteoff(self, *_): ...
    def sounds_off(self): ...

    def generate(self, samples):
        return bytes(8 * samples)
"""


@pytest.fixture
def font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A font for a player that stands for the real one, and notes which process plays."""
    code = PLAYER.format(notes=str(tmp_path / "played"))
    (tmp_path / "tinysoundfont.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tinysoundfont", raising=False)
    (tmp_path / "kit.sf2").write_bytes(b"font")
    return tmp_path / "kit.sf2"


def test_all_notes_come_from_one_process_that_is_not_this_one(font: Path) -> None:
    with guarded_soundfont(font, 16_000) as drums:
        for pitch in (36, 38):
            played = drums.note(0, pitch, 90, 0.1, 0.25, bank=DRUM_BANK)
            assert played.shape == (4_000,)
            assert not np.any(played)
    [process] = set((font.parent / "played").read_text().split())
    assert int(process) != os.getpid()
    assert soundfont._opened.cache_info().currsize == 0


def test_a_font_that_ends_its_player_is_one_line(font: Path) -> None:
    font.write_bytes(b"bomb")
    message = rf"kit\.sf2: .*{signal.SIGSEGV.name}"
    with pytest.raises(WorkerCrashedError, match=message), guarded_soundfont(font, 16_000):
        pass


def test_what_is_no_font_is_refused_before_any_note(font: Path) -> None:
    font.write_bytes(b"MThd")
    with pytest.raises(InputError, match=r"kit\.sf2: is no SoundFont: no sfbk"):
        guarded_soundfont(font, 16_000).__enter__()
    with pytest.raises(MissingFileError, match="none"):
        guarded_soundfont(font.parent / "none", 16_000).__enter__()


@pytest.mark.skipif(find_spec("tinysoundfont") is not None, reason="the package is installed")
def test_without_the_package_it_is_said_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MissingExtraError, match="soundfont"):
        guarded_soundfont(tmp_path, 16_000).__enter__()
