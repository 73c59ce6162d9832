"""What recipes/ear/prepare.py keeps of an item."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recipes.ear.sources import Item
from recipes.ear.teachers import TeacherOutputs

from recipes.ear import prepare


@pytest.fixture
def item(tmp_path):
    """Three seconds of a tone."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.3 * np.sin(np.arange(48_000) * 0.1), 16_000)
    return Item(path, "4q", "artist")


@pytest.fixture
def teacher(monkeypatch):
    """A teacher that counts how often it is asked."""

    class Teacher:
        asked = 0

        def infer(self, samples, rows):
            self.asked += 1
            return TeacherOutputs(np.ones((rows, 7)), np.zeros((rows, 2)), np.ones(rows, bool))

    made = Teacher()
    monkeypatch.setattr(prepare, "_teacher", lambda name, yamnet: made)
    return made


def test_levels_survive_as_bytes_to_half_a_step():
    mel_db = np.random.default_rng(0).uniform(-100, 2, (50, 64)).astype(np.float32)
    restored = prepare.from_bytes(prepare.to_bytes(mel_db))
    assert np.abs(restored - mel_db).max() <= prepare.STEP_DB / 2 + 1e-4


@pytest.mark.parametrize(("level_db", "kept"), [(-300.0, -100.0), (50.0, 2.0)])
def test_levels_outside_are_clipped(level_db, kept):
    assert prepare.from_bytes(prepare.to_bytes(np.float32([level_db])))[0] == pytest.approx(kept)


def test_files_of_one_name_in_two_games_have_places_of_their_own():
    one, other = (Item(Path("track.ogg"), "pool", f"game:{n}") for n in range(2))
    places = {prepare.prepared_path(Path("out"), item, "yamnet") for item in (one, other)}
    assert len(places) == 2
    assert all(path.parts[:2] == ("out", "pool") for path in places)


def test_the_sound_is_log_mel_and_chroma_of_each_half_second(item, tmp_path):
    assert prepare.prepare(item, tmp_path / "out", ("sound",), Path("unused")) == ""
    with np.load(prepare.prepared_path(tmp_path / "out", item, "sound")) as kept:
        assert kept["mel"].shape == (6 * 32, 64)
        assert kept["mel"].dtype == np.uint8
        assert kept["chroma"].shape == (6, 12)


def test_what_teachers_say_is_kept_in_half_the_bytes(item, teacher, tmp_path):
    assert prepare.prepare(item, tmp_path / "out", ("yamnet",), Path("unused")) == ""
    with np.load(prepare.prepared_path(tmp_path / "out", item, "yamnet")) as kept:
        assert kept["logits"].shape == (6, 7)
        assert kept["embedding"].dtype == np.float16
        assert kept["asked"].tolist() == [True] * 6


def test_what_is_there_is_not_asked_again(item, teacher, tmp_path):
    for parts in (("musicnn",), ("sound", "musicnn"), prepare.PARTS):
        prepare.prepare(item, tmp_path / "out", parts, Path("unused"))
    assert teacher.asked == 2  # MusiCNN once, YAMNet once


def test_musicnn_is_not_asked_about_what_is_no_music(item, teacher, tmp_path):
    noise = replace(item, corpus="noise")
    assert prepare.prepare(noise, tmp_path / "out", prepare.PARTS, Path("unused")) == ""
    kept = {path.name.split(".")[-2] for path in (tmp_path / "out").rglob("*.npz")}
    assert kept == {"sound", "yamnet"}


@pytest.mark.parametrize("gain_db", [-50.0, -20.0, 6.0])
def test_sound_is_brought_to_one_loudness(gain_db):
    samples = (0.1 * np.sin(np.arange(48_000) * 0.1)).astype(np.float32)
    mel_db, own_db = prepare.levelled(samples)
    other_db, other_gain_db = prepare.levelled(samples * np.float32(10 ** (gain_db / 20)))
    assert other_gain_db == pytest.approx(own_db - gain_db, abs=0.01)
    loud = mel_db > prepare.FLOOR_DB + 10
    np.testing.assert_allclose(other_db[loud], mel_db[loud], atol=0.1)


def test_silence_is_not_made_louder():
    mel_db, gain_db = prepare.levelled(np.zeros(16_000, np.float32))
    assert gain_db == 0
    assert (mel_db == prepare.FLOOR_DB).all()


@pytest.mark.parametrize("frames", [1, 32, 70])
def test_the_level_of_a_row_is_the_power_of_all_its_bands(frames):
    levels_db = prepare.row_levels_db(np.full((frames, 64), -30, np.float32))
    assert levels_db == pytest.approx(np.full(-(-frames // 32), -30 + 10 * np.log10(64)), abs=1e-3)


def test_a_broken_file_is_told_and_leaves_nothing(item, teacher, tmp_path):
    item.path.write_bytes(b"no sound")
    problem = prepare.prepare(item, tmp_path / "out", ("yamnet",), Path("unused"))
    assert "tone.wav" in problem
    assert not (tmp_path / "out").exists()


def test_of_a_long_file_the_middle_is_taken(tmp_path):
    rate = 1_000
    rising = np.linspace(0, 0.5, 120 * rate)
    soundfile.write(tmp_path / "long.wav", rising, rate)
    middle = prepare.middle_of(tmp_path / "long.wav")
    assert len(middle) == pytest.approx(90 * 16_000, abs=2)
    assert middle.mean() == pytest.approx(0.25, abs=0.01)
