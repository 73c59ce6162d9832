import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import Presence
from moodprint.recognition.presence import (
    SILENT_BELOW_DB,
    audible_rows,
    music_rows,
    presence_of,
    with_known_music,
)


def outputs(rows, levels_db=None):
    """Rows of probabilities of music, speech and other sound; loud unless levels are given."""
    presence = np.array(rows, np.float32)
    count = len(presence)
    levels = np.full(count, -20.0) if levels_db is None else np.array(levels_db)
    return FrameOutputs(
        row_s=0.5,
        duration_s=count / 2,
        level_db=levels.astype(np.float32),
        presence=presence,
        emotion=np.zeros((count, 5), np.float32),
        valence_arousal=np.zeros((count, 2), np.float32),
        embedding=np.zeros((count, 4), np.float32),
    )


ALL = slice(None)
MUSIC, SPEECH, OTHER = [0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.1, 0.9]


@pytest.mark.parametrize(
    ("rows", "presence"),
    [
        ([MUSIC] * 4, Presence.MUSIC),
        ([SPEECH] * 4, Presence.SPEECH),
        ([OTHER] * 4, Presence.OTHER),
        ([MUSIC, MUSIC, MUSIC, SPEECH], Presence.MUSIC),
        ([[0.6, 0.99, 0.1]] * 4, Presence.MUSIC),
        ([[0.49, 0.3, 0.2]] * 4, Presence.SPEECH),
        ([[0.5, 0.0, 0.0]], Presence.MUSIC),
        ([[0.0, 0.4, 0.4]], Presence.SPEECH),
    ],
)
def test_it_is_music_where_that_is_likelier_than_not_under_a_voice_too(rows, presence):
    assert presence_of(outputs(rows), ALL).kind is presence


def test_only_the_rows_asked_for_count():
    found = outputs([MUSIC, MUSIC, SPEECH, SPEECH])
    assert presence_of(found, slice(0, 2)).kind is Presence.MUSIC
    assert presence_of(found, slice(2, 4)).kind is Presence.SPEECH


def test_it_is_silence_where_most_rows_are_silent():
    quiet, loud = SILENT_BELOW_DB - 1, SILENT_BELOW_DB + 1
    assert presence_of(outputs([MUSIC] * 3, [quiet, quiet, loud]), ALL).kind is Presence.SILENCE
    assert presence_of(outputs([MUSIC] * 3, [quiet, loud, loud]), ALL).kind is Presence.MUSIC


def test_silent_rows_do_not_vote():
    rows, levels = [SPEECH, SPEECH, MUSIC, MUSIC], [-90, -90, -20, -20]
    assert presence_of(outputs(rows, levels), ALL).kind is Presence.MUSIC


def test_a_row_is_audible_above_the_level_of_silence():
    levels = [SILENT_BELOW_DB - 0.1, SILENT_BELOW_DB, SILENT_BELOW_DB + 0.1]
    assert audible_rows(outputs([MUSIC] * 3, levels)).tolist() == [0, 0, 1]


def test_a_row_counts_as_music_by_its_probability_and_not_in_silence():
    found = outputs([MUSIC, SPEECH, MUSIC], [-20, -20, -90])
    np.testing.assert_allclose(music_rows(found), [0.9, 0.1, 0.0], rtol=1e-6)


@pytest.mark.parametrize(
    ("row", "level_db", "confidence"),
    [
        ([0.9, 0.5, 0.1], -20, 0.9),
        ([0.2, 0.6, 0.2], -20, 0.8 * 0.75),
        ([0.4, 0.1, 0.3], -20, 0.6 * 0.75),
        ([0.0, 0.0, 0.0], -20, 0.5),
        ([0.9, 0.1, 0.1], -90, 1.0),
    ],
)
def test_how_sure_a_presence_is(row, level_db, confidence):
    found = presence_of(outputs([row] * 4, [level_db] * 4), ALL)
    assert found.confidence == pytest.approx(confidence, abs=1e-6)


@given(rows=st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=8))
def test_a_confidence_is_a_probability(rows):
    assert 0 <= presence_of(outputs(rows), ALL).confidence <= 1


def test_known_tracks_are_music_where_they_play_and_nowhere_else():
    found = outputs([OTHER] * 6, [-20, -20, -20, -20, -90, -20])
    known = with_known_music(found, [(0.5, 1.6), (2.0, 2.5), (9.0, 12.0)])
    np.testing.assert_allclose(music_rows(known), [0.1, 1, 1, 0.1, 0, 0.1], rtol=1e-6)
    np.testing.assert_allclose(music_rows(found), [0.1, 0.1, 0.1, 0.1, 0, 0.1], rtol=1e-6)
    assert presence_of(known, slice(1, 3)).kind is Presence.MUSIC
