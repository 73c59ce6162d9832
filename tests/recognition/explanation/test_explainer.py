import numpy as np
import pytest

from moodprint.bundle import open_bundle
from moodprint.clip import Clip
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import NO_MUSIC, Prediction, Presence, Segment, Timeline
from moodprint.recognition.analyzer import Analyzer
from moodprint.recognition.explanation.cues.listener import CueListener
from moodprint.recognition.explanation.cues.table import CUES
from moodprint.recognition.explanation.explainer import Explainer

RATE = 16_000


def answer(emotion):
    probabilities = {each: 0.6 if each is emotion else 0.1 for each in EMOTIONS}
    return Prediction(emotion, probabilities, 0.1, 0.2, 0.6, abstained=False)


@pytest.fixture(scope="module")
def explained():
    """Music (sad, then happy), then silence; explained by the ear that ships."""
    time = np.arange(10 * RATE) / RATE
    low = 0.02 * sum(np.sin(2 * np.pi * hz * time) for hz in (110, 130.8, 164.8))
    high = 0.2 * sum(np.sin(2 * np.pi * hz * time) for hz in (1046, 1318, 1568))
    sound = np.concatenate([low, high * (time % 0.5 < 0.1), np.zeros(5 * RATE)])
    listener = CueListener()
    for _ in listener.through([sound.astype(np.float32)]):
        pass
    segments = (
        Segment(0.0, 10.0, Presence.MUSIC, answer(Emotion.SAD)),
        Segment(10.0, 20.0, Presence.MUSIC, answer(Emotion.HAPPY)),
        Segment(20.0, 25.0, Presence.SILENCE, NO_MUSIC),
    )
    timeline = Timeline("x", 25.0, answer(Emotion.SAD), segments, "ear")
    return timeline, Explainer(open_bundle()).explained(timeline, listener.contours())


def test_only_music_is_explained(explained):
    before, after = explained
    assert [s.explanation is not None for s in after.segments] == [True, True, False]
    assert [s.prediction for s in after.segments] == [s.prediction for s in before.segments]
    assert after.overall == before.overall


def test_cues_are_all_there_with_what_was_heard(explained):
    slow, fast = (segment.explanation for segment in explained[1].segments[:2])
    assert [cue.name for cue in slow.cues] == list(CUES)
    first, second = ({cue.name: cue.value for cue in each.cues} for each in (slow, fast))
    assert slow.key == "A minor"
    assert fast.key == "C major"
    assert second["tempo"] == pytest.approx(120, rel=0.02)
    assert first["loudness"] < second["loudness"] - 5


def test_baseline_and_contributions_sum_to_the_margin(explained):
    after = explained[1]
    for why in (after.explanation, *(s.explanation for s in after.segments[:2])):
        total = why.baseline + sum(cue.contribution for cue in why.cues)
        assert total == pytest.approx(why.margin)


def test_the_whole_says_how_often_the_surrogate_agrees(explained):
    after = explained[1]
    assert 0.2 < after.explanation.agreement < 1
    assert after.segments[0].explanation.agreement is None


def test_the_margin_is_positive_where_the_cues_say_what_was_answered(explained):
    for segment in explained[1].segments[:2]:
        why = segment.explanation
        if why.cues_say is segment.prediction.emotion:
            assert why.margin > 0


@pytest.mark.parametrize("seconds", [1.0, 7.3])
def test_an_analyzer_that_explains_answers_the_same(seconds):
    time = np.arange(round(seconds * 22_050)) / 22_050
    beat = np.exp(-8 * (time % 0.5))
    chord = sum(np.sin(2 * np.pi * hz * time) for hz in (220, 277.2, 329.6, 440))
    clip = Clip((0.15 * beat * chord).astype(np.float32), 22_050)
    plain, why = Analyzer().clip(clip).to_dict(), Analyzer(explain=True).clip(clip).to_dict()
    assert (why.pop("explanation", None) is not None) == (plain["emotion"] is not None)
    tags = why.pop("tags")
    assert tags["key"] == "A major"
    assert tags["loudness_lufs"] < -10
    for segment in why["segments"]:
        segment.pop("explanation", None)
    assert why == plain


@pytest.mark.parametrize("seconds", [0.1, 1.0, 6.0])
def test_without_music_there_is_nothing_to_explain(seconds):
    silent = Clip(np.zeros(round(seconds * RATE), np.float32), RATE)
    found = Analyzer(explain=True).clip(silent)
    assert found.explanation is None
    assert all(segment.explanation is None for segment in found.segments)
