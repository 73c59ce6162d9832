"""What models/ear/changes.py does to made-up lessons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

ROWS = 40


@pytest.fixture(scope="module")
def changes(load):
    return load("changes")


@pytest.fixture(scope="module")
def lesson(load):
    lessons, sources, prepare = (load(name) for name in ("lessons", "sources", "prepare"))

    def make(level_db: float, seed: int = 0, presence: str = "music"):
        rng = np.random.default_rng(seed)
        mel_db = rng.normal(level_db, 5, (ROWS * 32, 64)).astype(np.float32)
        return lessons.Lesson(
            sources.Item(Path("a.ogg"), "4q", "artist", presence=presence),
            prepare.to_bytes(mel_db),
            np.zeros((ROWS, 521), np.float16),
            np.zeros((ROWS, 8), np.float16),
            None,
            None,
            rng.uniform(0, 1, (ROWS, 12)).astype(np.float32),
        )

    return make


def test_a_change_keeps_the_shape_and_follows_the_seed(changes, lesson):
    music, voices = lesson(-30), [lesson(-30, 1, "speech")]
    for seed in range(12):
        one, same = (changes.changed(music, voices, np.random.default_rng(seed)) for _ in range(2))
        assert one.mel.shape == music.mel.shape
        assert one.chroma.shape == music.chroma.shape
        np.testing.assert_array_equal(one.mel, same.mel)
        assert (one.mel != music.mel).any()


def test_a_telephone_takes_what_lies_outside(changes):
    mel_db = np.full((64, 64), -20, np.float32)
    hz = changes.band_centres_hz()
    limited = changes._limited(mel_db, 300.0, 3_400.0)
    inside = (hz > 310) & (hz < 3_300)
    np.testing.assert_allclose(limited[:, inside], -20)
    assert (limited[:, hz > 7_000] < -50).all()
    assert (limited[:, hz < 100] < -60).all()


def test_a_room_fills_the_gaps_and_dies_away(changes):
    mel_db = np.full((320, 64), -100, np.float32)
    mel_db[10] = -20
    told = changes._in_a_room(mel_db, falls_60_db_s=0.8)[:, 0]
    assert told[9] < -96
    slope_db_s = (told[40] - told[20]) / 20 * 64
    assert slope_db_s == pytest.approx(-60 / 0.8, rel=0.02)


@pytest.mark.parametrize("level_db", [-6.0, 0.0, 8.0])
def test_a_voice_lies_as_far_above_as_asked(changes, lesson, level_db):
    music, voice = lesson(-40), lesson(-20, 1, "speech")
    mel_db, chroma = changes._under(music, voice, level_db)
    louder_db = changes.loud_db(mel_db) - changes.loud_db(changes.from_bytes(music.mel))
    together_db = 10 * np.log10(1 + 10 ** (level_db / 10))
    assert max(0, level_db) - 0.5 < louder_db < together_db + 0.5
    assert (chroma >= music.chroma - 1e-5).all()


def test_voices_are_the_speech_with_chroma(changes, lesson):
    assert changes.voices([lesson(-30), lesson(-30, 1, "speech")])[0].item.presence == "speech"
