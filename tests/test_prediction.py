import json
import pickle
from dataclasses import replace

import any_answers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.prediction import (
    NO_MUSIC,
    Failure,
    Prediction,
    Presence,
    Segment,
    Timeline,
    answer_from_dict,
)

CALM = Prediction(
    emotion=Emotion.CALM,
    probabilities={"angry": 0.1, "calm": 0.6, "fear": 0.1, "happy": 0.1, "sad": 0.1},
    valence=0.5,
    arousal=-0.25,
    confidence=0.55,
    abstained=False,
)
SEGMENT = Segment(0.0, 5.0, Presence.MUSIC, CALM, track="a song")
TIMELINE = Timeline("song.mp3", 5.0, CALM, (SEGMENT,), "ear-3", warnings=("is cut off",))
FAILURE = Failure("song.mp3", "song.mp3: is empty")

THROUGH_JSON = pytest.mark.parametrize("through", [dict, lambda d: json.loads(json.dumps(d))])


def test_probabilities_stand_in_the_order_of_the_emotions():
    shuffled = {emotion: CALM.probabilities[emotion] for emotion in reversed(EMOTIONS)}
    assert list(replace(CALM, probabilities=shuffled).probabilities) == list(EMOTIONS)


def test_an_emotion_without_a_probability_is_refused():
    with pytest.raises(OptionError, match="a probability for each of"):
        replace(CALM, probabilities={"calm": 1.0})


@pytest.mark.parametrize("share", [0.19, 0.21])
def test_probabilities_that_do_not_sum_to_one_are_refused(share):
    with pytest.raises(OptionError, match="sum to 1, not"):
        replace(CALM, probabilities=dict.fromkeys(EMOTIONS, share))


def test_probabilities_cannot_be_changed_afterwards():
    with pytest.raises(TypeError):
        CALM.probabilities[Emotion.CALM] = 1.0


@pytest.mark.parametrize("answer", [TIMELINE, FAILURE])
def test_answers_travel_to_other_processes(answer):
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301


def test_nothing_is_known_of_the_emotion_without_music():
    assert NO_MUSIC.emotion is None
    assert NO_MUSIC.abstained
    assert set(NO_MUSIC.probabilities.values()) == {0.2}


def test_written_probabilities_sum_to_one_to_the_last_decimal():
    thirds = dict(zip(EMOTIONS, [1 / 3, 1 / 3, 1 / 3, 0, 0], strict=True))
    written = replace(CALM, probabilities=thirds).to_dict()["probabilities"]
    assert sum(written.values()) == 1.0
    assert written["angry"] == pytest.approx(1 / 3, abs=2e-6)


@THROUGH_JSON
@given(prediction=any_answers.predictions())
def test_a_prediction_comes_back_as_it_was(through, prediction):
    assert Prediction.from_dict(through(prediction.to_dict())) == prediction


@THROUGH_JSON
@given(timeline=any_answers.timelines(), explanation=st.none() | any_answers.explanations())
def test_a_timeline_comes_back_as_it_was(through, timeline, explanation):
    segments = tuple(replace(each, explanation=explanation) for each in timeline.segments)
    timeline = replace(timeline, segments=segments, explanation=explanation)
    again = Timeline.from_dict(through(timeline.to_dict()))
    assert again == timeline
    assert again.to_dict() == timeline.to_dict()


@given(segment=any_answers.timelines().filter(lambda t: t.segments).map(lambda t: t.segments[0]))
def test_a_segment_comes_back_as_it_was(segment):
    assert Segment.from_dict(segment.to_dict()) == segment


@given(answer=any_answers.answers())
def test_any_answer_comes_back_as_what_it_was(answer):
    again = answer_from_dict(answer.to_dict())
    assert type(again) is type(answer)
    assert again == answer


def test_a_failure_comes_back_as_it_was():
    assert Failure.from_dict(FAILURE.to_dict()) == FAILURE


def test_a_track_and_an_explanation_are_left_out_where_there_is_none():
    fields = replace(SEGMENT, track=None).to_dict()
    assert "track" not in fields
    assert "explanation" not in fields
    assert Segment.from_dict(fields).track is None


def test_shares_are_of_the_time_of_the_music_and_count_each_moment_once():
    sad = replace(CALM, emotion=Emotion.SAD, abstained=True)
    segments = (
        Segment(0.0, 5.0, Presence.MUSIC, CALM),
        Segment(2.5, 7.5, Presence.MUSIC, CALM),
        Segment(7.5, 10.0, Presence.MUSIC, sad),
        Segment(10.0, 40.0, Presence.SPEECH, NO_MUSIC),
    )
    shares = replace(TIMELINE, segments=segments).shares
    assert shares == {"angry": 0, "calm": 0.75, "fear": 0, "happy": 0, "sad": 0, "unsure": 0.25}


@given(timeline=any_answers.timelines())
def test_shares_sum_to_one_where_there_is_music(timeline):
    heard = any(segment.prediction.emotion for segment in timeline.segments)
    assert sum(timeline.shares.values()) == pytest.approx(float(heard))
    assert sum(timeline.to_dict()["shares"].values()) == pytest.approx(float(heard), abs=1e-9)


def test_what_older_answers_lack_may_be_missing():
    fields = TIMELINE.to_dict()
    del fields["shares"], fields["reliability"]
    assert Timeline.from_dict(fields) == TIMELINE


REQUIRED = [name for name in TIMELINE.to_dict() if name not in ("shares", "reliability")]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_timeline_that_lacks_a_field_is_refused_by_its_name(name):
    fields = TIMELINE.to_dict()
    del fields[name]
    with pytest.raises(ValueError, match=rf"^{name} is missing$"):
        Timeline.from_dict(fields)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"emotion": "glad"}, "'glad' is not a valid Emotion"),
        ({"emotion": 3}, "emotion is 3, not a text"),
        ({"duration_s": "5"}, "duration_s is '5', not a finite number"),
        ({"duration_s": float("nan")}, "duration_s is nan, not a finite number"),
        ({"probabilities": {"calm": 1}}, "a probability for each of"),
        ({"probabilities": {"glad": 1}}, "'glad' is not a valid Emotion"),
        ({"probabilities": []}, r"probabilities is \[\], not an object"),
        ({"abstained": "no"}, "abstained is 'no', not true or false"),
        ({"segments": 3}, "segments is 3, not a list of objects"),
        ({"segments": [3]}, r"segments\[0\] is 3, not an object"),
        ({"segments": [{}]}, r"segments\[0\]\.start_s is missing"),
        ({"warnings": "none"}, "warnings is 'none', not a list of texts"),
        ({"explanation": {}}, r"explanation\.\w+ is missing"),
        ({"explanation": None}, "explanation is None, not an object"),
        ({"source": None}, "source is None, not a text"),
    ],
)
def test_a_field_without_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Timeline.from_dict({**TIMELINE.to_dict(), **changes})


@pytest.mark.parametrize("value", [None, 1, "text", [], [{}]])
def test_what_is_no_object_is_no_answer(value):
    with pytest.raises(ValueError, match="not an object"):
        answer_from_dict(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*TIMELINE.to_dict(), "start_s"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(changes=st.dictionaries(st.sampled_from([*TIMELINE.to_dict(), "error"]), JSON, min_size=1))
def test_whatever_stands_in_a_file_is_an_answer_or_a_value_error(changes):
    try:
        answer = answer_from_dict({**TIMELINE.to_dict(), **changes})
    except ValueError:
        return
    assert isinstance(answer, Timeline | Failure)
    assert answer_from_dict(answer.to_dict()).to_dict() == answer.to_dict()
