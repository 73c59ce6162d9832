"""Pieces as sound."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.composition.drums import PATTERNS, drum_track
from moodprint.generation.composition.music import MusicRequest, make_music, piece
from moodprint.generation.composition.room import in_a_room


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_piece_is_as_long_as_asked_and_full_of_sound(emotion: Emotion) -> None:
    clip = make_music(MusicRequest(emotion, seconds=6), np.random.default_rng(2))
    assert clip.samples.shape == (2, 6 * 44_100)
    assert np.abs(clip.samples).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
    assert not np.array_equal(clip.samples[0], clip.samples[1]), "stereo"
    seconds = clip.samples[:, : 5 * 44_100].reshape(2, 5, -1)
    assert np.sqrt((seconds**2).mean(axis=(0, 2))).min() > 1e-3, "no silence between phrases"
    assert np.abs(clip.samples[:, -100:]).max() < 1e-3, "faded out"


def test_there_is_treble_above_what_the_note_generator_has() -> None:
    clip = make_music(MusicRequest(Emotion.ANGRY, seconds=4), np.random.default_rng(2))
    spectrum = np.abs(np.fft.rfft(clip.samples[0])) ** 2
    hz = np.fft.rfftfreq(clip.samples.shape[1], 1 / 44_100)
    assert spectrum[(hz > 8_500) & (hz < 14_000)].sum() > 1e-4 * spectrum.sum()


@pytest.mark.parametrize("beat", PATTERNS)
def test_drums_keep_their_beat(beat: str) -> None:
    track = drum_track(beat, 0.5, 8.0, 44_100, np.random.default_rng(1))
    assert len(track) == 8 * 44_100
    if not beat:
        assert not track.any()
        return
    first_hit = min(min(beats) for beats in PATTERNS[beat].values())
    at = int(first_hit * 0.5 * 44_100)
    assert np.abs(track[at : at + 4_410]).max() > 0.05


def test_a_room_sounds_on_and_differs_at_the_ears() -> None:
    click = np.zeros((2, 44_100), np.float32)
    click[:, 100] = 1
    sound = in_a_room(click, 1.0, 0.5, 44_100, np.random.default_rng(1))
    assert np.abs(sound[:, 22_050:33_000]).max() > 1e-4
    assert not np.array_equal(sound[0], sound[1])
    early, late = (np.sum(sound[0, a : a + 4_410] ** 2) for a in (4_410, 35_000))
    assert 10 * np.log10(early / late) > 20, "it falls by 60 dB in its time"
    assert in_a_room(click, 1.0, 0.0, 44_100, np.random.default_rng(1)) is click


@pytest.mark.parametrize("seconds", [0, 0.5, -1, float("nan"), float("inf"), 1e9])
def test_lengths_that_cannot_be_are_refused(seconds: float) -> None:
    with pytest.raises(OptionError, match="lasts"):
        MusicRequest(Emotion.CALM, seconds)


def test_a_model_without_the_instruments_is_refused() -> None:
    from moodprint.generation.composition.choice import Wishes

    request = MusicRequest(Emotion.CALM, 2, Wishes(instruments=("glass harp",)))
    with pytest.raises(OptionError, match="has no glass harp"):
        piece(request, np.random.default_rng(1))


def test_no_note_lies_beyond_the_generator(caplog: pytest.LogCaptureFixture) -> None:
    for emotion in EMOTIONS:
        make_music(MusicRequest(emotion, seconds=3), np.random.default_rng(3))
    assert "outside" not in caplog.text
