"""The same harmony, wherever it lies."""

import numpy as np
import pytest

from moodprint.audio.resample import resampled
from moodprint.clip import Clip
from moodprint.corpus.alignment import CREDIBLE_SCORE, LEAST_OVERLAP_S, Harmony, align
from moodprint.corpus.harmony import BINS, FRAMES_PER_S, RATE_HZ, chroma


def tune(seconds, seed, speed=1.0, rate=RATE_HZ):
    """Chords that change every second, played faster and so higher with ``speed``."""
    at = np.arange(round(seconds / speed * rate)) / rate * speed
    chords = np.random.default_rng(seed).integers(57, 81, (int(seconds) + 1, 3))
    hz = (440 * 2 ** ((chords - 69) / 12))[at.astype(int)]
    return np.sin(2 * np.pi * np.cumsum(hz, axis=0).T * speed / rate).mean(axis=0).astype("f4")


def harmony(*args, **options):
    return Harmony.of(chroma(tune(*args, **options)))


def place(first, second):
    (found,) = align(first, [second])
    return found


def test_an_excerpt_is_found_where_it_is():
    found = place(Harmony.of(chroma(tune(60, 1)[20 * RATE_HZ : 40 * RATE_HZ])), harmony(60, 1))
    assert found.score > CREDIBLE_SCORE
    assert found.second_s - found.first_s == pytest.approx(20, abs=0.6)
    assert (found.speed, found.transposed) == (1.0, 0.0)


@pytest.mark.parametrize("speed", [0.92, 1.03, 1.08])
def test_another_speed_is_found(speed):
    found = place(harmony(60, 1, speed=speed), harmony(60, 1))
    assert found.score > CREDIBLE_SCORE
    assert found.speed == speed
    assert found.transposed == pytest.approx(12 * np.log2(speed), abs=0.3)


def test_other_tunes_and_short_ones_are_not_the_same():
    scores = [place(harmony(60, 1), harmony(60, seed)).score for seed in range(2, 10)]
    assert max(scores) < CREDIBLE_SCORE
    assert place(harmony(5, 1), harmony(60, 1)) is None


def test_what_lies_at_another_rate_is_the_same():
    clip = resampled(Clip(tune(30, 4, rate=44_100), 44_100), RATE_HZ)
    assert place(Harmony.of(chroma(clip.mono)), harmony(30, 4)).score > CREDIBLE_SCORE


@pytest.mark.parametrize("more", range(-2, 4))
def test_songs_about_as_long_as_the_least_overlap_are_compared_or_left(more):
    """At the slowest pace a song has fewer frames than it says: it must not end the comparison."""
    frames = np.random.default_rng(1).random((int(LEAST_OVERLAP_S * FRAMES_PER_S) + more, BINS))
    song = Harmony.of(frames.astype(np.float32))
    assert place(song, song) is None or np.isfinite(place(song, song).score)
