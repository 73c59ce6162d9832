"""The floor of the pauses is found from a curve of levels, without hearing the sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.level import LevelCurve
from moodprint.audio.noise_floor import find_floor, music_level_db, runs

PAUSE_FRAMES = 100
MUSIC_DB = -12.0


def _curve(*parts: tuple[int, float, float]) -> LevelCurve:
    """Parts of so many frames at a level, swinging about it by so many dB from beat to beat."""
    rng = np.random.default_rng(0)
    levels = [
        level_db + swing_db * rng.uniform(-1, 1, count // 10 + 1).repeat(10)[:count]
        for count, level_db, swing_db in parts
    ]
    levels_db = np.concatenate(levels).astype(np.float32)
    return LevelCurve(levels_db, levels_db - 20, 0.01, len(levels_db) * 0.01)


MUSIC = (400, MUSIC_DB, 6.0)


def test_the_floor_lies_a_little_above_the_noise_of_the_pauses() -> None:
    floor = find_floor(_curve(MUSIC, (200, -60.0, 0.1), MUSIC), PAUSE_FRAMES)
    assert floor.threshold_db == pytest.approx(-54, abs=0.5)
    assert floor.has_pause_within(400, 600)
    assert not floor.has_pause_within(0, 400)


def test_a_loud_floor_is_believed_only_halfway_to_the_music() -> None:
    curve = _curve(MUSIC, (200, -40.0, 0.1), MUSIC)
    music_db = music_level_db(curve.levels_db)
    assert find_floor(curve, PAUSE_FRAMES).threshold_db <= (-40 + 0.2 + music_db) / 2


def test_a_quiet_passage_is_no_pause_for_it_is_not_steady() -> None:
    floor = find_floor(_curve(MUSIC, (200, -50.0, 4.0), MUSIC), PAUSE_FRAMES)
    assert not floor.has_pause_within(400, 600)


def test_a_steady_note_near_the_music_is_no_pause_where_others_are_softer() -> None:
    softer = (50, -50.0, 6.0)
    floor = find_floor(_curve(MUSIC, (200, -30.0, 0.1), MUSIC, softer), PAUSE_FRAMES)
    assert not floor.has_pause_within(400, 600)


@pytest.mark.parametrize("depth_db", [14.0, 18.0, 24.0])
def test_a_floor_close_under_the_music_is_found_where_nothing_is_softer(depth_db: float) -> None:
    noise = (200, MUSIC_DB - depth_db, 0.1)
    floor = find_floor(_curve(MUSIC, noise, MUSIC, noise, MUSIC), PAUSE_FRAMES)
    assert floor.has_pause_within(400, 600)
    assert floor.has_pause_within(1000, 1200)
    assert not floor.has_pause_within(600, 1000)


def test_what_is_softest_but_hardly_softer_than_the_music_is_no_pause() -> None:
    floor = find_floor(_curve(MUSIC, (200, MUSIC_DB - 5, 0.1), MUSIC), PAUSE_FRAMES)
    assert not floor.has_pause_within(400, 600)


def test_what_is_55_db_below_the_music_is_a_pause_whether_steady_or_not() -> None:
    floor = find_floor(_curve(MUSIC, (200, -90.0, 4.0), MUSIC), PAUSE_FRAMES)
    assert floor.has_pause_within(400, 600)


def test_without_a_steady_stretch_the_threshold_hangs_on_the_music() -> None:
    curve = _curve(MUSIC, MUSIC)
    expected = music_level_db(curve.levels_db) - 48
    assert find_floor(curve, PAUSE_FRAMES).threshold_db == pytest.approx(expected)


@pytest.mark.parametrize("frames", [1, 5, 50])
def test_a_sound_shorter_than_a_pause_has_none(frames: int) -> None:
    floor = find_floor(_curve((frames, -90.0, 0.0)), PAUSE_FRAMES)
    assert not floor.has_pause_within(0, frames)


def test_a_stretch_must_lie_whole_between_the_frames() -> None:
    floor = find_floor(_curve(MUSIC, (200, -60.0, 0.1), MUSIC), PAUSE_FRAMES)
    length = floor.block_frames * floor.stretch_blocks
    assert floor.has_pause_within(440, 440 + length)
    assert not floor.has_pause_within(440, 440 + length - 1)


@given(st.floats(-40, 0))
def test_gain_moves_the_threshold_with_the_music(gain_db: float) -> None:
    curve = _curve(MUSIC, (200, -60.0, 0.1), MUSIC)
    moved = LevelCurve(
        curve.levels_db + np.float32(gain_db), curve.edge_db, curve.hop_s, curve.duration_s
    )
    here, there = (find_floor(each, PAUSE_FRAMES) for each in (curve, moved))
    assert there.threshold_db - here.threshold_db == pytest.approx(gain_db, abs=0.01)
    np.testing.assert_array_equal(there.steady, here.steady)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ("", []),
        ("0000", []),
        ("1111", [(0, 4)]),
        ("0110", [(1, 3)]),
        ("1011", [(0, 1), (2, 4)]),
    ],
)
def test_runs_are_given_by_start_and_end(mask: str, expected: list[tuple[int, int]]) -> None:
    starts, ends = runs(np.array([each == "1" for each in mask], bool))
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == expected


def test_the_music_is_what_is_near_the_loudest() -> None:
    levels = np.array([-10.0] * 50 + [-80.0] * 500, np.float32)
    assert music_level_db(levels) == pytest.approx(-10), "pauses do not lower it"
