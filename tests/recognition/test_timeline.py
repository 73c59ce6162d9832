import numpy as np
import pytest

from moodprint.bundle import Calibration
from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.models.emotion_net.network import FrameOutputs
from moodprint.prediction import FLAT_PROBABILITIES, Presence
from moodprint.recognition.settings import AnalysisSettings
from moodprint.recognition.timeline import timeline

CALIBRATION = Calibration(temperature=1.0, abstain_below=0.5)
MUSIC, SPEECH, OTHER = np.eye(3)


def heard(*stretches: tuple[int, np.ndarray, int | None], level_db: float = -20.0) -> FrameOutputs:
    """Rows as (count, presence, which emotion stands out, if any), half a second each."""
    presence, emotion = [], []
    for count, kind, top in stretches:
        presence += [kind] * count
        emotion += [np.eye(5)[top] * 4 if top is not None else np.zeros(5)] * count
    rows = len(presence)
    return FrameOutputs(
        row_s=0.5,
        duration_s=rows / 2,
        level_db=np.full(rows, level_db, np.float32),
        presence=np.array(presence, np.float32),
        emotion=np.array(emotion, np.float32),
        valence_arousal=np.tile(np.float32([0.5, -0.25]), (rows, 1)),
        embedding=np.zeros((rows, 4), np.float32),
    )


def answer(hearing: FrameOutputs, **settings):
    return timeline(
        hearing, AnalysisSettings(**settings), CALIBRATION, source="song", model="toy-1"
    )


def test_one_mood_throughout_is_the_answer():
    found = answer(heard((40, MUSIC, 3)))
    assert found.overall.emotion is Emotion.HAPPY
    assert not found.overall.abstained
    assert found.overall.probabilities[Emotion.HAPPY] > 0.9
    assert (found.overall.valence, found.overall.arousal) == (0.5, -0.25)
    assert found.reason is None


def test_segments_cover_the_sound_a_hop_apart():
    found = answer(heard((25, MUSIC, 0)))
    assert [(s.start_s, s.end_s) for s in found.segments] == [
        (0, 5),
        (2.5, 7.5),
        (5, 10),
        (7.5, 12.5),
    ]


def test_segment_and_hop_can_be_set():
    found = answer(heard((20, MUSIC, 0)), segment_s=4, hop_s=4)
    assert [(s.start_s, s.end_s) for s in found.segments] == [(0, 4), (4, 8), (8, 10)]


def test_a_change_of_mood_is_seen_in_time():
    found = answer(heard((40, MUSIC, 4), (40, MUSIC, 0)))
    moods = [segment.prediction.emotion for segment in found.segments]
    assert moods[:6] == [Emotion.SAD] * 6
    assert moods[-6:] == [Emotion.ANGRY] * 6


def test_speech_without_music_has_no_emotion_and_says_why():
    found = answer(heard((20, SPEECH, 0)))
    assert found.overall.emotion is None
    assert found.overall.confidence == 0
    assert found.overall.probabilities == FLAT_PROBABILITIES
    assert found.reason == "no music was heard: this is mostly speech"
    assert {segment.presence for segment in found.segments} == {Presence.SPEECH}


def test_silence_is_told_by_its_level():
    found = answer(heard((20, MUSIC, 0), level_db=-90.0))
    assert {segment.presence for segment in found.segments} == {Presence.SILENCE}
    assert found.overall.emotion is None
    assert "silence" in found.reason


def test_only_music_counts_for_the_whole():
    found = answer(heard((20, MUSIC, 1), (60, SPEECH, 0)))
    assert found.overall.emotion is Emotion.CALM


def test_music_under_a_voice_is_music():
    found = answer(heard((20, MUSIC + SPEECH, 2)))
    assert found.segments[0].presence is Presence.MUSIC


def test_an_emotion_that_does_not_stand_out_is_named_but_not_claimed():
    found = answer(heard((20, MUSIC, None)))
    assert found.overall.emotion is not None
    assert found.overall.abstained
    assert "no emotion stands out" in found.reason


def test_confidence_falls_with_the_presence_of_music():
    sure = answer(heard((20, MUSIC, 3))).overall.confidence
    unsure = answer(heard((20, 0.6 * MUSIC, 3))).overall.confidence
    assert unsure == pytest.approx(0.6 * sure, rel=0.01)


def test_a_moment_of_music_is_too_little():
    found = answer(heard((1, MUSIC, 3)))
    assert found.overall.emotion is None
    assert "at least 1 s" in found.reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"segment_s": 0.5},
        {"hop_s": 0.0},
        {"hop_s": 6.0},
        {"smoothing_s": -1.0},
        {"segment_s": float("nan")},
        {"hop_s": float("inf")},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(OptionError):
        AnalysisSettings(**wrong)
