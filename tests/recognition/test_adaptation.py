from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.prediction import NO_MUSIC, Failure, Prediction, Presence, Segment, Timeline
from moodprint.recognition.adaptation import FEWEST, Adaptation, adapted


def timeline(source: str, row: np.ndarray, confidence: float | None = None) -> Timeline:
    prediction = Prediction(
        EMOTIONS[int(row.argmax())],
        dict(zip(EMOTIONS, row.tolist(), strict=True)),
        valence=0.1,
        arousal=0.2,
        confidence=float(row.max()) if confidence is None else confidence,
        abstained=False,
    )
    return Timeline(
        source, 5.0, prediction, (Segment(0.0, 5.0, Presence.MUSIC, prediction),), "ear-2"
    )


def leaning(count: int = 40, lean: float = 3.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True emotions in turn, and probabilities [N, 5] that know them but lean to angry."""
    truth = np.arange(count) % 5
    logits = np.random.default_rng(seed).normal(0, 0.3, (count, 5))
    logits[np.arange(count), truth] += 1.5
    logits[:, 0] += lean
    exp = np.exp(logits)
    return truth, exp / exp.sum(axis=1, keepdims=True)


def test_a_lean_to_one_emotion_is_taken_away():
    truth, rows = leaning()
    assert (rows.argmax(axis=1) == truth).mean() < 0.5
    moved = adapted([timeline(str(n), row) for n, row in enumerate(rows)], 0.2)
    right = [answer.overall.emotion == EMOTIONS[t] for answer, t in zip(moved, truth, strict=True)]
    assert np.mean(right) > 0.9


def test_segments_move_with_the_whole_and_the_model_says_so():
    _, rows = leaning()
    answer = adapted([timeline(str(n), row) for n, row in enumerate(rows)], 0.2)[1]
    assert answer.segments[0].prediction == answer.overall
    assert answer.model == "ear-2, adapted to 40 files"


def test_doubt_that_there_is_music_stays_in_the_confidence():
    _, rows = leaning()
    moved = adapted(
        [timeline(str(n), row, confidence=float(row.max()) / 2) for n, row in enumerate(rows)], 0.2
    )
    for answer in moved:
        assert answer.overall.confidence == pytest.approx(
            max(answer.overall.probabilities.values()) / 2
        )


def test_what_no_longer_stands_out_abstains_and_says_why():
    _, rows = leaning()
    answer = adapted([timeline(str(n), row) for n, row in enumerate(rows)], 0.99)[0]
    assert answer.overall.abstained
    assert answer.reason.startswith("no emotion stands out: the likeliest, angry, has 0.")


def test_failures_and_files_without_music_are_left_as_they_are():
    _, rows = leaning()
    silent, broken = Timeline("s", 5.0, NO_MUSIC, (), "ear-2", "no music"), Failure("b", "broken")
    moved = adapted([broken, *(timeline(str(n), row) for n, row in enumerate(rows)), silent], 0.2)
    assert moved[0] == broken
    assert moved[-1].overall == NO_MUSIC
    assert moved[-1].reason == "no music"


def test_too_few_files_are_refused():
    _, rows = leaning(FEWEST - 1)
    with pytest.raises(OptionError, match="at least 10 files with music are needed, and 9"):
        adapted([timeline(str(n), row) for n, row in enumerate(rows)], 0.2)


@given(st.integers(0, 100), st.floats(-4, 4), st.integers(10, 60))
def test_probabilities_stay_probabilities_and_keep_the_order_of_tracks(seed, lean, count):
    """A track with higher odds of an emotion than another keeps them, by the mean of all."""
    _, rows = leaning(count, lean, seed)
    moved = Adaptation.fitted(rows)(rows)
    np.testing.assert_allclose(moved.sum(axis=1), 1, atol=1e-6)
    assert (moved > 0).all()


def test_many_tracks_come_to_an_even_spread():
    _, rows = leaning(5_000)
    moved = Adaptation.fitted(rows)(rows)
    shares = np.bincount(moved.argmax(axis=1), minlength=5) / 5_000
    np.testing.assert_allclose(shares, 0.2, atol=0.03)


def test_the_answer_for_fear_is_named_fear():
    _, rows = leaning()
    moved = adapted([timeline(str(n), row) for n, row in enumerate(rows)], 0.2)
    assert {answer.overall.emotion for answer in moved} == set(Emotion)


def test_the_more_tracks_the_further_the_correction_goes():
    """Half of its way at ten tracks, five sixths at fifty."""
    _, rows = leaning(50)
    few, many = Adaptation.fitted(rows[:10]), Adaptation.fitted(rows)
    odds = np.log(rows) - np.log(rows).mean(axis=1, keepdims=True)
    np.testing.assert_allclose(few.centre, odds[:10].mean(axis=0) / 2, atol=1e-6)
    np.testing.assert_allclose(many.centre, odds.mean(axis=0) * 5 / 6, atol=1e-6)


def test_an_emotion_of_the_same_odds_everywhere_is_not_blown_up():
    rows = np.full((40, 5), 0.2)
    rows[:, 0] += np.linspace(-0.1, 0.1, 40)
    rows[:, 1] -= np.linspace(-0.1, 0.1, 40)
    gain = Adaptation.fitted(rows / rows.sum(axis=1, keepdims=True)).gain
    assert np.isfinite(gain).all()
    assert gain.max() < 10


def test_a_probability_of_nothing_is_taken():
    _, rows = leaning()
    rows[0] = [1.0, 0.0, 0.0, 0.0, 0.0]
    moved = Adaptation.fitted(rows)(rows)
    assert np.isfinite(moved).all()
    np.testing.assert_allclose(moved.sum(axis=1), 1, atol=1e-6)


def test_among_some_emotions_the_others_stay_without_probability():
    _, rows = leaning()
    rows = rows.copy()
    rows[:, [0, 2]] = 0
    rows /= rows.sum(axis=1, keepdims=True)
    among = (Emotion.CALM, Emotion.HAPPY, Emotion.SAD)
    moved = adapted([timeline(str(n), row) for n, row in enumerate(rows)], 0.2, among)
    for answer in moved:
        assert answer.overall.emotion in among
        assert answer.overall.probabilities[Emotion.ANGRY] == 0
        assert sum(answer.overall.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_what_a_voice_drowns_stays_untrusted():
    _, rows = leaning()
    answers = []
    for n, row in enumerate(rows):
        plain = timeline(str(n), row)
        drowned = replace(plain.segments[0], music_below_voice_db=18.0)
        answers.append(replace(plain, segments=(drowned,), reason="under a voice"))
    moved = adapted(answers, 0.0)
    assert all(each.overall.abstained and each.reason == "under a voice" for each in moved)
    assert all(each.segments[0].prediction.abstained for each in moved)
