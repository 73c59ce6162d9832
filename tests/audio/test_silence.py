"""Pauses between songs: exact to 50 ms, whatever lies in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.audio.level import LevelCurve, measure
from moodprint.audio.silence import QuietRule, sounding, without_silent_edges
from moodprint.errors import OptionError

RATE = 16_000
EXACT_S = 0.05
RANDOM = np.random.default_rng(20)


def music(seconds, level=0.5, seed=0, fade_s=0.0):
    """Chords that change twice a second, with a stroke each: never steady, never quiet."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    at = np.arange(count) / RATE
    chord = random.integers(48, 84, (int(seconds * 2) + 1, 3))
    hz = (440 * 2 ** ((chord - 69) / 12)).astype(np.float32)[(at * 2).astype(int)]
    strokes = 0.6 + 0.4 * np.exp(-3 * (at % 0.5))
    phase = (2 * np.pi * hz.T * at.astype(np.float32)).astype(np.float32)
    sound = level * strokes * np.sin(phase).mean(axis=0)
    if fade_s:
        fade = np.minimum(1, np.arange(count) / (fade_s * RATE))
        sound *= fade * fade[::-1]
    return sound.astype(np.float32)


def noise(seconds, dbfs):
    return RANDOM.normal(0, 10 ** (dbfs / 20), round(seconds * RATE)).astype(np.float32)


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def curve(*parts):
    return measure([np.concatenate(parts)], RATE)


def assert_spans(found, expected, within_s=EXACT_S):
    assert len(found) == len(expected), found
    np.testing.assert_allclose([[s.start_s, s.end_s] for s in found], expected, atol=within_s)


def brown(seconds, dbfs):
    """Rumble: noise that falls by 6 dB an octave from 20 Hz on."""
    spectrum = np.fft.rfft(RANDOM.normal(0, 1, round(seconds * RATE)))
    hz = np.fft.rfftfreq(round(seconds * RATE), 1 / RATE)
    sound = np.fft.irfft(spectrum / np.maximum(hz, 20), round(seconds * RATE))
    return (sound * 10 ** (dbfs / 20) / sound.std()).astype(np.float32)


PAUSES = {
    "digital silence": silence,
    "noise at -60 dBFS": lambda seconds: noise(seconds, -60),
    "noise at -50 dBFS": lambda seconds: noise(seconds, -50),
    "rumble at -60 dBFS": lambda seconds: brown(seconds, -60),
    "dither of 16 bits": lambda seconds: noise(seconds, -96),
}


@pytest.mark.parametrize("pause", PAUSES.values(), ids=PAUSES)
@pytest.mark.parametrize("fade_s", [0.0, 2.0])
def test_pauses_of_any_kind_are_found(pause, fade_s):
    sound = curve(
        pause(0.4), music(8, fade_s=fade_s, seed=1), pause(1.0), music(6, seed=2), pause(1.7),
        music(7, fade_s=fade_s, seed=3), pause(3.0),
    )  # fmt: skip
    sinks_s = 0.15 if fade_s else EXACT_S  # a fade ends where it sinks into the noise
    assert_spans(sounding(sound), [(0.4, 8.4), (9.4, 15.4), (17.1, 24.1)], sinks_s)


def test_silence_and_noise_in_one_compilation():
    sound = curve(music(8, seed=1), noise(1.5, -60), music(8, seed=2), silence(1.5), music(8))
    assert_spans(sounding(sound), [(0, 8), (9.5, 17.5), (19, 27)])


def test_a_floor_under_all_of_it():
    parts = np.concatenate([music(8, seed=1), silence(1.2), music(8, seed=2)])
    sound = measure([parts + noise(17.2, -60)], RATE)
    assert_spans(sounding(sound), [(0, 8), (9.2, 17.2)])


def test_one_song_without_a_pause_stays_whole():
    assert_spans(sounding(curve(music(30))), [(0, 30)])
    assert_spans(sounding(curve(music(9), music(3, 0.01, seed=4), music(9))), [(0, 21)])


def test_a_rest_so_long_as_a_pause_splits_a_song_and_a_shorter_one_does_not():
    with_rest = curve(music(8, seed=1), silence(1.2), music(8, seed=2))
    assert len(sounding(with_rest)) == 2
    assert len(sounding(with_rest, min_pause_s=1.5)) == 1
    assert len(sounding(curve(music(8, seed=1), silence(0.9), music(8, seed=2)))) == 1


def test_a_last_chord_that_dies_away_is_no_pause_of_its_own():
    at = np.arange(3 * RATE) / RATE
    tail = (0.2 * np.exp(-2.5 * at) * np.sin(2 * np.pi * 220 * at)).astype(np.float32)
    assert len(sounding(curve(music(8, seed=1), tail, music(8, seed=2)))) == 1


def test_a_click_does_not_end_a_pause():
    pause = silence(1.6)
    pause[RATE : RATE + 200] = 0.5
    assert_spans(sounding(curve(music(8, seed=1), pause, music(8, seed=2))), [(0, 8), (9.6, 17.6)])


def test_levels_can_be_set():
    sound = curve(music(5, 0.5, 1), music(2, 0.002, 2), music(5, 0.5, 3))
    assert len(sounding(sound)) == 1
    assert_spans(sounding(sound, QuietRule(top_db=40)), [(0, 5), (7, 12)])
    assert_spans(sounding(sound, QuietRule(dbfs=-50)), [(0, 5), (7, 12)])
    assert len(sounding(sound, QuietRule(top_db=60))) == 1
    assert len(sounding(sound, QuietRule(dbfs=-80))) == 1


def test_silence_alone_has_no_parts():
    assert sounding(curve(silence(5))) == ()
    assert sounding(curve(silence(5)), QuietRule(top_db=40)) == ()
    assert sounding(curve(noise(5, -70)), QuietRule(dbfs=-50)) == ()
    assert without_silent_edges(curve(silence(5)), QuietRule(top_db=40)) is None


def test_edges_are_trimmed_at_40_db():
    sound = curve(silence(0.3), music(4, 0.5), noise(2, -60))
    span = without_silent_edges(sound, QuietRule(top_db=40))
    assert_spans([span], [(0.3, 4.3)])


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(2.5, 6), st.floats(1.1, 3)), min_size=1, max_size=4
    ),
    st.sampled_from(sorted(PAUSES)),
    st.floats(-12, 6),
)  # fmt: skip
def test_any_compilation_at_any_gain(songs, kind, gain_db):
    parts, expected, at = [], [], 0.0
    for number, (song_s, pause_s) in enumerate(songs):
        parts += [music(song_s, 0.4, number), PAUSES[kind](pause_s)]
        starts, at = at, at + len(parts[-2]) / RATE
        expected.append((starts, at))
        at += len(parts[-1]) / RATE
    gain = np.float32(10 ** (gain_db / 20))
    assert_spans(sounding(curve(*(gain * part for part in parts))), expected)


@given(st.lists(st.floats(-120, 0, width=32), min_size=1, max_size=400), st.floats(0.02, 3))
def test_parts_are_in_order_and_within_the_file(levels, min_pause_s):
    levels = np.array(levels, np.float32)
    found = sounding(
        LevelCurve(levels, levels - 3, 0.01, len(levels) * 0.01), min_pause_s=min_pause_s
    )
    times = [time for span in found for time in (span.start_s, span.end_s)]
    assert times == sorted(times)
    assert all(0 <= time <= len(levels) * 0.01 for time in times)


@pytest.mark.parametrize(
    "options", [{"top_db": 40, "dbfs": -50}, {"top_db": 0}, {"top_db": -3}, {"dbfs": 3}]
)
def test_levels_that_make_no_sense(options):
    with pytest.raises(OptionError):
        QuietRule(**options)


def test_a_pause_without_length_is_refused():
    with pytest.raises(OptionError, match="pause lasts"):
        sounding(curve(music(1)), min_pause_s=0)
