from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import Presence
from moodprint.reports.spans import lasting_spans, presence_spans, spans


def _times(segments):
    return [(segment.start_s, segment.end_s) for segment in segments]


def test_gaps_stay_gaps(make_music):
    apart = (make_music(0, 5, Emotion.SAD), make_music(8, 13, Emotion.SAD))
    assert _times(spans(apart)) == [(0, 5), (8, 13)]


def test_neighbours_that_say_the_same_are_joined_with_means_by_time(timeline):
    first = spans(timeline.segments)[0]
    assert (first.start_s, first.end_s, first.prediction.emotion) == (0, 6.25, Emotion.CALM)
    assert first.prediction.confidence == pytest.approx((3.75 * 0.8 + 2.5 * 0.6) / 6.25)
    assert sum(first.prediction.probabilities.values()) == pytest.approx(1)


def test_an_unsure_answer_and_a_known_track_stand_apart(timeline):
    said = [
        (str(s.presence), s.prediction.emotion, s.prediction.abstained, s.track)
        for s in spans(timeline.segments)
    ]
    assert said == [
        ("music", "calm", False, None),
        ("music", "fear", False, None),
        ("speech", None, True, None),
        ("silence", None, True, None),
        ("music", "sad", True, None),
        ("music", "happy", False, "A & B <Theme> --> C"),
    ]


def test_presence_alone_joins_more(timeline):
    runs = presence_spans(timeline.segments)
    assert [run.presence for run in runs] == [
        Presence.MUSIC,
        Presence.SPEECH,
        Presence.SILENCE,
        Presence.MUSIC,
    ]
    assert _times(runs)[-1] == (13.75, 20)


def test_no_segments_no_spans():
    assert spans(()) == presence_spans(()) == ()


def test_a_span_shorter_than_a_millisecond_does_not_last(make_music):
    assert lasting_spans([make_music(1.0, 1.0001, Emotion.SAD)]) == ()


@given(data=st.data())
def test_spans_keep_the_time_and_the_mean_of_the_cells(any_timeline, data):
    segments = data.draw(any_timeline).segments

    def mass(parts):
        return [
            sum((p.end_s - p.start_s) * p.prediction.probabilities[emotion] for p in parts)
            for emotion in EMOTIONS
        ]

    assert mass(spans(segments)) == pytest.approx(mass(cells(segments)), abs=1e-6)
