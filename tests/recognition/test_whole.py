from __future__ import annotations

from dataclasses import replace

import any_answers
import pytest
from hypothesis import given

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import NO_MUSIC, Prediction, Presence, Segment
from moodprint.recognition.whole import held_emotions, whole_emotion, why_unsure

FLAT = Prediction(Emotion.CALM, dict.fromkeys(EMOTIONS, 0.2), 0.0, 0.0, 0.2, abstained=False)


def held(start_s: float, end_s: float, emotion: Emotion, *, abstained: bool = False) -> Segment:
    answer = replace(FLAT, emotion=emotion, abstained=abstained)
    return Segment(start_s, end_s, Presence.MUSIC, answer)


def chances(**shares: float) -> dict[Emotion, float]:
    return {emotion: shares.get(emotion.value, 0.0) for emotion in EMOTIONS}


def test_the_likeliest_of_those_held_for_long():
    segments = [held(0, 10, Emotion.SAD), held(10, 13, Emotion.FEAR), held(13, 25, Emotion.HAPPY)]
    assert whole_emotion(segments, chances(fear=0.4, sad=0.35, happy=0.25)) is Emotion.SAD


def test_unsure_segments_count_where_all_are():
    doubt = [held(0, 5, Emotion.SAD, abstained=True), held(5, 10, Emotion.SAD, abstained=True)]
    assert held_emotions(doubt) == {Emotion.SAD: 1.0}
    assert whole_emotion(doubt, chances(fear=0.5, sad=0.3)) is Emotion.SAD
    sure = [*doubt, held(10, 15, Emotion.CALM), Segment(15, 20, Presence.SPEECH, NO_MUSIC)]
    assert held_emotions(sure) == {Emotion.CALM: pytest.approx(1 / 3)}
    assert whole_emotion(sure, chances(sad=0.9, calm=0.1)) is Emotion.CALM


@given(timeline=any_answers.timelines(), whole=any_answers.predictions())
def test_it_is_always_one_that_a_segment_holds(timeline, whole):
    named = {segment.prediction.emotion for segment in timeline.segments} - {None}
    if named:
        assert whole_emotion(timeline.segments, whole.probabilities) in named


def test_an_answer_needs_no_reason():
    assert why_unsure(FLAT, [], 0.3) is None
    assert why_unsure(NO_MUSIC, [], 0.3) is None


def test_moods_beside_each_other_are_told_by_their_shares():
    doubt = replace(FLAT, abstained=True)
    segments = [held(0, 5, Emotion.SAD), held(5, 10, Emotion.HAPPY)]
    assert why_unsure(doubt, segments, 0.3) == (
        "no one emotion for the whole: of the music happy 50%, sad 50%"
    )
    segments[1] = held(5, 10, Emotion.HAPPY, abstained=True)
    assert why_unsure(doubt, segments, 0.3) == (
        "no emotion stands out: the likeliest, calm, has 0.20, and 0.30 is needed"
    )
