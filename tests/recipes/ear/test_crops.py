"""Crops, and what is mixed over them, on made-up crops of recipes/ear/crops.py."""

from __future__ import annotations

import numpy as np
import pytest

ROWS = 16


def draws(crops, given, **options):
    return crops.Crops(given, np.ones(200), rows=ROWS, **options)


def test_a_batch_has_crops_of_one_length_with_targets(crops, example):
    batch = draws(crops, [example("4q", "music", -20, tagged=True)]).draw(3)
    assert batch.mel_db.shape == (3, ROWS * crops.FRAMES_PER_ROW, crops.BANDS)
    assert batch.yamnet.shape == (3, ROWS, 521)
    assert batch.yamnet.min() == crops.LOWEST_LOGIT
    assert (batch.tags_known == 1).all()
    assert np.isfinite(batch.mel_db).all()


def test_short_items_are_filled_and_unasked_teachers_masked(crops, example):
    batch = draws(crops, [example("pool", "music", -20, rows=3)]).draw(2)
    assert batch.embedding.shape == (2, ROWS, 8)
    assert not batch.embedding[:, 3:].any()
    assert not batch.tags_known.any()


def test_the_same_seed_draws_the_same_crops(crops, example):
    given = [example("4q", "music", -20), example("not_music", "speech", -30)]
    for left, right in zip(
        draws(crops, given, seed=5).draw(4), draws(crops, given, seed=5).draw(4), strict=True
    ):
        np.testing.assert_array_equal(left, right)


def test_speech_lies_over_the_music_as_loud_as_asked(crops, example):
    draw = draws(crops, [example("4q", "music", -20)])
    music, speech = (
        draw._cut(each) for each in (example("4q", "music", -20), example("espeak", "speech", -50))
    )
    for level_db in (0.0, 6.0):
        mixed = crops._mix(music, speech, level_db)
        power = 1 + 10 ** (level_db / 10)
        assert mixed.mel_db.mean() == pytest.approx(-20 + 10 * np.log10(power), abs=0.3)
        assert (mixed.presence[:, crops.MUSIC] == 1).all()
        assert (mixed.presence[:, crops.SPEECH] == 1).all()
        np.testing.assert_array_equal(mixed.embedding, music.embedding)


def test_what_is_far_under_the_music_is_no_target(crops, example):
    draw = draws(crops, [example("4q", "music", -20)])
    music, speech = (
        draw._cut(each) for each in (example("4q", "music", -20), example("espeak", "speech", -20))
    )
    mixed = crops._mix(music, speech, -18.0)
    np.testing.assert_array_equal(mixed.presence, music.presence)
    assert (music.presence[:, crops.SPEECH] < 0.01).all()


def test_silent_rows_have_no_presence(crops, example):
    batch = draws(crops, [example("4q", "music", -99)], mixed=0.0).draw(16)
    loudest_db = batch.mel_db.reshape(*batch.presence.shape[:2], -1).max(axis=2)
    silent = loudest_db <= crops._SILENT_DB
    assert silent.mean() > 0.5
    assert not batch.presence[silent].any()


def test_a_long_corpus_does_not_drown_a_short_one(crops, example):
    many = [example("pool", "music", -20) for _ in range(16)]
    weights = crops._drawing_weights([*many, example("4q", "music", -20)])
    assert weights.sum() == pytest.approx(1)
    assert weights[-1] / weights[:-1].sum() == pytest.approx(1 / 4)


def test_components_keep_what_varies(crops):
    rng = np.random.default_rng(2)
    samples = rng.normal(size=(400, 6)) * (10, 3, 0.01, 0.01, 0.01, 0.01)
    components = crops.Components.of(samples, 2)
    scores = components(samples)
    assert scores.std(axis=0) == pytest.approx([1, 0.3], rel=0.1)
    assert scores.mean(axis=0) == pytest.approx([0, 0], abs=1e-4)
