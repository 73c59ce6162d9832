"""MIDI through recipes/ear/render.py, with a stand-in for FluidSynth."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

from moodprint.generation.note_generator.bundle import bundled_instruments

symusic = pytest.importorskip("symusic", reason="the recipe needs symusic")


class FakeSynth:
    """Sounds as loud as there are notes on, and writes down what it is told to do."""

    def __init__(self, gain, samplerate):
        self.log: list[tuple] = []
        self.frames = self._on = 0

    def sfload(self, path):
        return 1

    def sfpreset_name(self, font, bank, program):
        names = sorted(bundled_instruments("band"))
        return names[program].title() if program < len(names) else None

    def system_reset(self):
        self._on = 0

    def get_samples(self, frames):
        self.frames += frames
        return np.full(2 * frames, min(10_000 * self._on, 32_000), np.int16)

    def program_select(self, *arguments):
        self.log.append(("program", self.frames, *arguments))

    def noteon(self, *arguments):
        self._on += 1
        self.log.append(("on", self.frames, *arguments))

    def noteoff(self, *arguments):
        self._on -= 1
        self.log.append(("off", self.frames, *arguments))

    def cc(self, *arguments):
        self.log.append(("control", self.frames, *arguments))


@pytest.fixture
def render(monkeypatch):
    module = ModuleType("fluidsynth")
    module.Synth = FakeSynth
    monkeypatch.setitem(sys.modules, "fluidsynth", module)
    monkeypatch.delitem(sys.modules, "recipes.ear.render", raising=False)
    yield import_module("recipes.ear.render")
    sys.modules.pop("recipes.ear.render", None)


@pytest.fixture
def player(render, tmp_path):
    return render.SoundfontPlayer(tmp_path / "font.sf2")


@pytest.fixture
def song(tmp_path):
    """The same key twice in a row, and a drum."""
    score = symusic.Score(480).to("second")
    piano = symusic.Track(program=5, ttype="second")
    piano.notes.append(symusic.Note(0.0, 1.0, 60, 100, ttype="second"))
    piano.notes.append(symusic.Note(1.0, 1.0, 60, 100, ttype="second"))
    drums = symusic.Track(program=0, is_drum=True, ttype="second")
    drums.notes.append(symusic.Note(0.5, 0.5, 36, 90, ttype="second"))
    score.tracks.append(piano)
    score.tracks.append(drums)
    path = tmp_path / "song.mid"
    score.to("tick").dump_midi(path)
    return path


def test_a_key_is_let_go_before_it_is_struck_again(player, song):
    player.play(song)
    log = player._synth.log
    again = [(what, frame) for what, frame, _, key, *_ in log if what != "program" and key == 60]
    assert [what for what, _ in again] == ["on", "off", "on", "off"]
    assert again[1][1] == again[2][1] == pytest.approx(16_000, abs=50)


def test_drums_have_their_channel_and_bank(player, song):
    player.play(song)
    programs = {entry[2]: entry[4:] for entry in player._synth.log if entry[0] == "program"}
    assert programs[9][0] == 128
    assert programs[0] == (0, 5)


def test_the_last_notes_ring_out_and_peaks_stay_below_full_scale(player, song):
    clip = player.play(song)
    assert clip.duration_s == pytest.approx(2 + 1.5, abs=0.05)
    assert np.abs(clip.mono).max() <= 0.9 + 1e-6
    assert clip.mono.any()


def test_instruments_are_found_by_name_in_any_case(player):
    assert player.program("alto sax") == player.program("Alto Sax") == 3
    with pytest.raises(KeyError):
        player.program("no such thing")


def test_pieces_of_the_composer_are_played_and_known(render, player):
    sys.modules.pop("recipes.diffusion.composed", None)
    composed = import_module("recipes.diffusion.composed")
    try:
        pieces = [composed.composed(seed, player) for seed in (1, 1, 2)]
    finally:
        sys.modules.pop("recipes.diffusion.composed", None)
    assert all(len(piece.samples) == 41 * 16_000 for piece in pieces)
    assert np.isfinite(pieces[0].samples).all()
    assert pieces[0].samples.any()
    assert np.array_equal(pieces[0].samples, pieces[1].samples)
    assert not np.array_equal(pieces[0].samples, pieces[2].samples)
    assert set(pieces[0].played) <= {0.0, 1.0}, "all is known of what was composed"
    assert -1.3 < pieces[0].tempo < 0.6, "50 to 180 beats a minute, in octaves about 120"
