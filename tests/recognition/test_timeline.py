from dataclasses import replace

import numpy as np
import pytest

from moodprint.bundle import Calibration, ReliabilityBand
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import FLAT_PROBABILITIES, Presence
from moodprint.recognition.settings import AnalysisSettings
from moodprint.recognition.timeline import timeline

MUSIC, SPEECH, OTHER = np.eye(3)


def rows_of(
    *stretches: tuple[int, np.ndarray, int | None], level_db: float = -20.0
) -> FrameOutputs:
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


def answer(outputs: FrameOutputs, *, temperature=1.0, abstain_below=0.5, **settings):
    calibration = Calibration(temperature, abstain_below)
    return timeline(
        outputs, AnalysisSettings(**settings), calibration, source="song", model="toy-1"
    )


def test_one_mood_throughout_is_the_answer():
    found = answer(rows_of((40, MUSIC, 3)))
    assert found.overall.emotion is Emotion.HAPPY
    assert not found.overall.abstained
    assert found.overall.probabilities[Emotion.HAPPY] > 0.9
    assert (found.overall.valence, found.overall.arousal) == (0.5, -0.25)
    assert found.reason is None


def test_an_emotion_is_not_credible_where_it_is_not_sure_that_there_is_music():
    """Abstention follows the confidence, of the whole and of each segment."""
    hardly = MUSIC * 0.52 + OTHER * 0.4
    found = answer(rows_of((40, hardly, 3)), abstain_below=0.6)
    assert found.overall.probabilities[Emotion.HAPPY] > 0.9
    assert found.overall.confidence < 0.6
    assert found.overall.abstained
    assert all(segment.prediction.abstained for segment in found.segments)
    assert "not sure enough that this is music" in found.reason
    assert not answer(rows_of((40, hardly, 3)), abstain_below=0.4).overall.abstained


def test_segments_cover_the_sound_a_hop_apart():
    found = answer(rows_of((25, MUSIC, 0)))
    assert [(s.start_s, s.end_s) for s in found.segments] == [
        (0, 5),
        (2.5, 7.5),
        (5, 10),
        (7.5, 12.5),
    ]


def test_segment_and_hop_can_be_set():
    found = answer(rows_of((20, MUSIC, 0)), segment_s=4, hop_s=4)
    assert [(s.start_s, s.end_s) for s in found.segments] == [(0, 4), (4, 8), (8, 10)]


def test_a_change_of_mood_is_seen_in_time():
    found = answer(rows_of((40, MUSIC, 4), (40, MUSIC, 0)))
    moods = [segment.prediction.emotion for segment in found.segments]
    assert moods[:6] == [Emotion.SAD] * 6
    assert moods[-6:] == [Emotion.ANGRY] * 6


def test_speech_without_music_has_no_emotion_and_says_why():
    found = answer(rows_of((20, SPEECH, 0)))
    assert found.overall.emotion is None
    assert found.overall.confidence == 0
    assert found.overall.probabilities == FLAT_PROBABILITIES
    assert found.reason == "no music was heard: this is mostly speech"
    assert {segment.presence for segment in found.segments} == {Presence.SPEECH}


def test_silence_is_told_by_its_level():
    found = answer(rows_of((20, MUSIC, 0), level_db=-90.0))
    assert {segment.presence for segment in found.segments} == {Presence.SILENCE}
    assert found.overall.emotion is None
    assert "silence" in found.reason


def test_only_music_counts_for_the_whole():
    found = answer(rows_of((20, MUSIC, 1), (60, SPEECH, 0)))
    assert found.overall.emotion is Emotion.CALM


def test_music_under_a_voice_is_music():
    found = answer(rows_of((20, MUSIC + SPEECH, 2)))
    assert found.segments[0].presence is Presence.MUSIC


def test_an_emotion_that_does_not_stand_out_is_named_but_not_claimed():
    found = answer(rows_of((20, MUSIC, None)))
    assert found.overall.emotion is not None
    assert found.overall.abstained
    assert "no emotion stands out" in found.reason


def test_confidence_falls_with_the_presence_of_music():
    sure = answer(rows_of((20, MUSIC, 3))).overall.confidence
    unsure = answer(rows_of((20, 0.6 * MUSIC, 3))).overall.confidence
    assert unsure == pytest.approx(0.6 * sure, rel=0.01)


def test_a_moment_of_music_is_too_little():
    found = answer(rows_of((1, MUSIC, 3)))
    assert found.overall.emotion is None
    assert "at least 1 s" in found.reason


def test_a_sound_shorter_than_a_segment_is_one_segment():
    found = answer(rows_of((3, MUSIC, 3)))
    assert [(s.start_s, s.end_s) for s in found.segments] == [(0, 1.5)]
    assert found.overall.emotion is Emotion.HAPPY


def test_the_last_row_may_reach_past_the_sound():
    found = answer(replace(rows_of((20, MUSIC, 0)), duration_s=9.7))
    assert found.duration_s == 9.7
    assert found.segments[-1].end_s == pytest.approx(9.7)


def test_the_whole_is_the_mean_of_its_segments_by_their_music():
    found = answer(rows_of((40, MUSIC, 4), (20, MUSIC, 0)), smoothing_s=0)
    music = [s.prediction for s in found.segments]
    for emotion in EMOTIONS:
        mean = np.mean([each.probabilities[emotion] for each in music])
        assert found.overall.probabilities[emotion] == pytest.approx(mean, abs=1e-6)


def test_the_temperature_divides_the_logits():
    cool, warm = (answer(rows_of((20, MUSIC, 3)), temperature=t).overall for t in (1.0, 4.0))
    odds = [
        np.log(each.probabilities["happy"] / each.probabilities["sad"]) for each in (cool, warm)
    ]
    assert odds[0] == pytest.approx(4 * odds[1], rel=1e-4)


@pytest.mark.parametrize(("limit", "abstains"), [(0.9, False), (0.95, True)])
def test_it_abstains_below_what_the_card_says(limit, abstains):
    found = answer(rows_of((20, MUSIC, 3)), abstain_below=limit)
    assert found.overall.probabilities["happy"] == pytest.approx(0.932, abs=1e-3)
    assert found.overall.abstained is abstains
    if abstains:
        assert found.reason == (
            "no emotion stands out: the likeliest, happy, has 0.93, and 0.95 is needed"
        )


def test_smoothing_draws_a_wavering_segment_to_its_neighbours():
    emotion = np.tile(np.eye(5)[4] * 0.5, (45, 1)).astype(np.float32)
    emotion[20:25] = np.eye(5)[0] * 0.5
    outputs = replace(rows_of((45, MUSIC, None)), emotion=emotion)
    rough, smooth = (answer(outputs, smoothing_s=reach, segment_s=2.5) for reach in (0.0, 5.0))
    middle = [segment.start_s for segment in rough.segments].index(10.0)
    sad = [found.segments[middle].prediction.probabilities["sad"] for found in (rough, smooth)]
    assert sad[1] > sad[0] + 0.02


def test_warnings_and_names_come_along():
    found = timeline(
        rows_of((20, MUSIC, 0)), AnalysisSettings(), Calibration(1.0, 0.5),
        source="a.mp3", model="ear-9", warnings=("is cut off",),
    )  # fmt: skip
    assert (found.source, found.model, found.warnings) == ("a.mp3", "ear-9", ("is cut off",))


@pytest.mark.parametrize(
    ("kind", "words"), [(SPEECH, "speech"), (OTHER, "sound that is neither music nor speech")]
)
def test_what_is_no_music_says_what_it_mostly_is(kind, words):
    assert answer(rows_of((20, kind, 0))).reason == f"no music was heard: this is mostly {words}"


def test_the_whole_is_never_an_emotion_that_no_stretch_holds():
    # Half sad and half happy, both with fear second: the mean of the two has fear on top.
    sad, happy = np.float32([0, 0, 2.9, 0, 3]), np.float32([0, 0, 2.9, 3, 0])
    emotion = np.repeat([sad, happy], [36, 44], axis=0)
    outputs = replace(rows_of((80, MUSIC, None)), emotion=emotion)
    found = answer(outputs, smoothing_s=0, abstain_below=0.4)
    assert max(found.overall.probabilities, key=found.overall.probabilities.get) == "fear"
    assert found.overall.emotion is Emotion.HAPPY
    assert found.overall.confidence == pytest.approx(found.overall.probabilities["happy"])
    assert found.overall.abstained


def test_a_passing_emotion_does_not_stand_for_the_whole():
    turns = rows_of((40, MUSIC, 4), (8, MUSIC, 2), (40, MUSIC, 3))
    assert answer(turns, abstain_below=0.0).overall.emotion in (Emotion.SAD, Emotion.HAPPY)


def test_several_moods_are_the_reason_for_no_answer():
    found = answer(rows_of((40, MUSIC, 4), (40, MUSIC, 3)), abstain_below=0.6, smoothing_s=0)
    assert found.reason == (
        "no one emotion for the whole: of the music happy 47%, sad 47%, unsure 6%"
    )


def test_among_some_emotions_the_others_have_no_probability():
    emotion = np.tile(np.float32([3, 0, 0, 1, 2]), (40, 1))
    outputs = replace(rows_of((40, MUSIC, None)), emotion=emotion)
    assert answer(outputs).overall.emotion is Emotion.ANGRY
    found = answer(outputs, among=("sad", "happy"))
    assert found.overall.emotion is Emotion.SAD
    for each in (found.overall, found.segments[0].prediction):
        assert each.probabilities["sad"] == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-5)
        assert sum(each.probabilities.values()) == pytest.approx(1)
        assert {each.probabilities[name] for name in ("angry", "calm", "fear")} == {0.0}


def test_what_is_left_out_has_no_part_in_the_smoothing():
    outputs = rows_of((40, MUSIC, 4), (40, MUSIC, 3))
    wild = outputs.emotion.copy()
    wild[::7, 0] = 50.0
    plain, changed = (
        answer(each, among=("calm", "happy", "sad"))
        for each in (outputs, replace(outputs, emotion=wild))
    )
    assert [s.prediction for s in plain.segments] == [s.prediction for s in changed.segments]


@pytest.mark.parametrize(("above", "abstains"), [(0.9, False), (0.95, True), (0.0, False)])
def test_the_caller_may_say_above_what_to_answer(above, abstains):
    found = answer(rows_of((20, MUSIC, 3)), abstain_below=0.5, answer_above=above)
    assert found.overall.abstained is abstains
    assert found.segments[0].prediction.abstained is abstains


def test_reliability_is_what_the_card_has_of_such_answers():
    bands = (ReliabilityBand(0.0, 0.3, 50), ReliabilityBand(0.9, 0.8, 20))
    calibration = Calibration(1.0, 0.3, bands)
    found = timeline(
        rows_of((20, MUSIC, 3), (20, SPEECH, 3), (20, 0.6 * MUSIC, 3)),
        AnalysisSettings(smoothing_s=0), calibration, source="song", model="toy-1",
    )  # fmt: skip
    reliability = [segment.prediction.reliability for segment in found.segments]
    assert reliability[:3] == [0.8] * 3
    assert None in reliability
    assert reliability[-1] == 0.3, "doubt that there is music counts"
