"""What recipes/ear/augment.py does to made-up examples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

ROWS = 40


@pytest.fixture(scope="module")
def example(load):
    examples, sources, prepare = (load(name) for name in ("examples", "sources", "prepare"))

    def make(level_db: float, seed: int = 0, presence: str = "music"):
        rng = np.random.default_rng(seed)
        mel_db = rng.normal(level_db, 5, (ROWS * 32, 64)).astype(np.float32)
        return examples.Example(
            sources.Item(Path("a.ogg"), "4q", "artist", presence=presence),
            prepare.to_bytes(mel_db),
            rng.uniform(0, 1, (ROWS, 12)).astype(np.float32),
        )

    return make


def test_a_change_keeps_the_shape_and_follows_the_seed(augment, example):
    music, voices = example(-30), [example(-30, 1, "speech")]
    for seed in range(12):
        one, same = (augment.changed(music, voices, np.random.default_rng(seed)) for _ in range(2))
        assert one.mel.shape == music.mel.shape
        assert one.chroma.shape == music.chroma.shape
        np.testing.assert_array_equal(one.mel, same.mel)
        assert (one.mel != music.mel).any()


@pytest.mark.parametrize("level_db", [-6.0, 0.0, 8.0])
def test_a_voice_lies_as_far_above_as_asked(augment, recordings, example, level_db):
    music, voice = example(-40), example(-20, 1, "speech")
    mel_db, chroma = augment._under(music, voice, level_db)
    louder_db = recordings.loud_db(mel_db) - recordings.loud_db(augment.from_bytes(music.mel))
    together_db = 10 * np.log10(1 + 10 ** (level_db / 10))
    assert max(0, level_db) - 0.5 < louder_db < together_db + 0.5
    assert (chroma >= music.chroma - 1e-5).all()


def test_whatever_the_change_the_item_is_as_loud_as_others(augment, load, example):
    prepare = load("prepare")
    voices = [example(-30, 1, "speech")]
    for seed in range(12):
        changed = augment.changed(example(-55), voices, np.random.default_rng(seed))
        levels_db = prepare.row_levels_db(prepare.from_bytes(changed.mel))
        assert augment.gain_to_level_db(levels_db) == pytest.approx(0, abs=1)


def test_voices_are_the_speech(augment, example):
    (voice,) = augment.voices([example(-30), example(-30, 1, "speech")])
    assert voice.item.presence == "speech"
