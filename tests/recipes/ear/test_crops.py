"""Crops, and what is mixed over them, on made-up crops of recipes/ear/crops.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

ROWS = 16


def draws(crops, given, **options):
    return crops.Crops(given, rows=ROWS, **options)


def test_a_batch_has_crops_of_one_length_with_targets(crops, example):
    batch = draws(crops, [example("4q", "music", -20, tagged=True)]).draw(3)
    assert batch.mel_db.shape == (3, ROWS * crops.FRAMES_PER_ROW, crops.BANDS)
    assert batch.yamnet.shape == (3, ROWS, 521)
    assert batch.yamnet.min() == crops.LOWEST_LOGIT
    assert (batch.tags_known == 1).all()
    assert (batch.opinions_known == 1).all()
    assert np.isfinite(batch.mel_db).all()


def test_short_items_are_filled_and_unasked_teachers_masked(crops, example):
    batch = draws(crops, [example("pool", "music", -20, rows=3)]).draw(2)
    assert batch.embedding.shape == (2, ROWS, 8)
    assert not batch.embedding[:, 3:].any()
    assert not batch.tags_known.any()
    assert not batch.opinions_known[..., : crops.MOOD_OUTPUTS].any()
    assert batch.opinions_known[:, :3, crops.MOOD_OUTPUTS :].all()
    assert not batch.opinions_known[:, 3:].any()


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


def test_nothing_is_asked_of_opinions_on_what_is_no_music(crops, example):
    batch = draws(crops, [example("noise", "other", -20)]).draw(2)
    assert not batch.opinions_known.any()


@pytest.mark.parametrize("level_db", [-60.0, -40.0, -10.0])
def test_crops_have_one_loudness_whatever_the_recording(crops, example, level_db):
    batch = draws(crops, [example("4q", "music", level_db)], mixed=0.0).draw(24)
    levels_db = [crops.row_levels_db(mel_db).max() for mel_db in batch.mel_db]
    assert np.median(levels_db) == pytest.approx(-11, abs=5)


@pytest.mark.parametrize(("level_db", "left"), [(12.0, 1.0), (20.0, 0.5), (28.0, 0.0), (40.0, 0.0)])
def test_music_that_a_voice_drowns_is_not_asked_for(crops, example, level_db, left):
    draw = draws(crops, [example("4q", "music", -20)])
    music, speech = (
        draw._cut(each) for each in (example("4q", "music", -20), example("espeak", "speech", -20))
    )
    mixed = crops._mix(music, speech, level_db)
    loud = 1 / (1 + np.exp(12))  # what YAMNet says of music in the speech
    assert mixed.presence[:, crops.MUSIC] == pytest.approx(left, abs=2 * loud)
    assert (mixed.presence[:, crops.SPEECH] == 1).all()
    np.testing.assert_array_equal(mixed.opinions, music.opinions)


def test_voices_lie_over_music_more_often_than_other_sounds(crops, example, monkeypatch):
    kinds = [("4q", "music"), ("espeak", "speech"), ("noise", "other")]
    levels = []
    monkeypatch.setattr(crops, "_mix", lambda music, other, level_db: levels.append(level_db))
    draw = draws(crops, [example(corpus, kind, -20) for corpus, kind in kinds])
    monkeypatch.setattr(draw, "_cut", lambda each: each)
    for _ in range(3_000):
        draw._mixed_with_another(None)
    loud = np.array(levels) > crops._SOUND_DB[1]
    assert loud.mean() == pytest.approx(0.75 * 19 / 35, abs=0.03)
    assert min(levels) < crops._VOICE_DB[0]


def test_without_another_sound_the_music_stays_alone(crops, example):
    draw = draws(crops, [example("4q", "music", -20)], mixed=1.0)
    crop = draw._cut(example("4q", "music", -20))
    assert draw._mixed_with_another(crop) is crop


def test_crops_without_targets_are_refused(crops, example):
    blind = replace(example("4q", "music", -20), targets=None)
    with pytest.raises(SystemExit, match=r"x\.ogg: has no targets"):
        draws(crops, [blind]).draw(1)
