"""Pieces: what is chosen for them, and their notes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.generation.composition.choice import Wishes, chosen
from moodprint.generation.composition.compose import BARS, BEATS, ROLES, compose
from moodprint.generation.composition.drums import PATTERNS
from moodprint.generation.composition.figures import chord_notes
from moodprint.generation.composition.style import STYLES
from moodprint.generation.performance import known_instruments

emotions = st.sampled_from(EMOTIONS)
seeds = st.integers(0, 10_000)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_style_chooses_from_what_there_is(emotion: Emotion) -> None:
    style, known = STYLES[emotion], known_instruments("band", None)
    for role in ROLES:
        assert set(getattr(style, role)) <= set(known)
    assert set(style.beat) <= set(PATTERNS)
    for scale in style.scales:
        assert scale[0] == 0
        assert sorted(scale) == list(scale)


@given(emotions, seeds)
def test_the_same_seed_chooses_the_same(emotion: Emotion, seed: int) -> None:
    first, again = (chosen(emotion, np.random.default_rng(seed)) for _ in range(2))
    assert first == again
    low, high = STYLES[emotion].tempo_bpm
    assert low <= first.tempo_bpm <= high


@given(emotions, seeds, st.floats(2, 40))
def test_notes_fill_the_time_and_stay_in_their_tracks(
    emotion: Emotion, seed: int, seconds: float
) -> None:
    rng = np.random.default_rng(seed)
    choice = chosen(emotion, rng)
    score = compose(choice, seconds, rng)
    assert [track.name for track in score.tracks] == list(ROLES)
    assert score.notes
    for note in score.notes:
        assert 0 <= note.start_s < seconds
        assert note.start_s < note.end_s <= seconds + 1
        assert 0 <= note.pitch_midi <= 127
        assert 1 <= note.velocity <= 127
        assert ROLES[note.track] in choice.instruments
    bar_s = BEATS * choice.beat_s
    starts = np.array([note.start_s for note in score.notes])
    for bar in range(int(seconds / bar_s)):
        assert np.any((starts > bar * bar_s - 0.1) & (starts < (bar + 1) * bar_s)), "no empty bar"


@given(emotions, seeds)
def test_melodies_stay_in_their_scale(emotion: Emotion, seed: int) -> None:
    rng = np.random.default_rng(seed)
    choice = chosen(emotion, rng)
    score = compose(choice, 20, rng)
    allowed = {(choice.tonic + note) % 12 for note in choice.scale}
    melody = score.only(ROLES.index("melody")).notes
    assert {note.pitch_midi % 12 for note in melody} <= allowed


@given(emotions, seeds)
def test_no_phrase_is_a_loop_of_the_one_before(emotion: Emotion, seed: int) -> None:
    rng = np.random.default_rng(seed)
    choice = chosen(emotion, rng)
    phrase_s = BEATS * BARS * choice.beat_s
    score = compose(choice, 8 * phrase_s, rng)
    phrases = [
        tuple(
            (round((note.start_s - number * phrase_s) / choice.beat_s * 4), note.pitch_midi)
            for note in score.notes
            if number * phrase_s <= note.start_s + 0.05 < (number + 1) * phrase_s
        )
        for number in range(8)
    ]
    assert len(set(phrases)) >= 6


def test_wishes_are_followed() -> None:
    wishes = Wishes(tempo_bpm=91.0, minor=True, instruments=("flute", "harp"), drums=True)
    choice = chosen(Emotion.HAPPY, np.random.default_rng(1), wishes)
    assert choice.tempo_bpm == 91
    assert 3 in choice.scale
    assert 4 not in choice.scale
    assert choice.instruments["melody"] == "flute"
    assert choice.instruments["chords"] == "harp"
    assert choice.beat
    none = chosen(Emotion.ANGRY, np.random.default_rng(1), Wishes(drums=False))
    assert none.beat == ""


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_every_figure_is_played_by_those_who_are_there(emotion: Emotion) -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        choice = chosen(emotion, rng)
        notes = list(chord_notes(choice, 0, rng))
        assert notes
        assert all(0 <= note.beat < BEATS for note in notes)
