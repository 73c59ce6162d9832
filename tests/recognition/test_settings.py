import math
from dataclasses import replace

import pytest

from moodprint.bundle import Calibration, ReliabilityBand
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.recognition.settings import AnalysisSettings, named_emotions


@pytest.mark.parametrize(
    ("segment_s", "hop_s", "smoothing_s"), [(1.0, 0.5, 0.0), (5.0, 5.0, 5.0), (600.0, 0.5, 1e6)]
)
def test_what_makes_sense_is_taken(segment_s, hop_s, smoothing_s):
    settings = AnalysisSettings(segment_s, hop_s, smoothing_s)
    assert (settings.segment_s, settings.hop_s) == (segment_s, hop_s)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"segment_s": 0.9}, r"^a segment lasts 1 s or more, not 0\.9 s$"),
        ({"segment_s": -1.0}, r"^a segment lasts 1 s or more, not -1 s$"),
        ({"hop_s": 0.0}, r"^the hop is 0\.5 s or more, not 0 s$"),
        ({"hop_s": 0.4}, r"^the hop is 0\.5 s or more, not 0\.4 s$"),
        ({"hop_s": 6.0}, r"^a hop of 6 s leaves gaps between segments of 5 s$"),
        ({"segment_s": 2.0}, r"^a hop of 2\.5 s leaves gaps between segments of 2 s$"),
        ({"smoothing_s": -0.1}, r"^smoothing is 0 s or more, not -0\.1 s$"),
        ({"segment_s": math.nan}, r"^segment_s is a finite number of seconds, not nan$"),
        ({"hop_s": math.inf}, r"^hop_s is a finite number of seconds, not inf$"),
        ({"answer_above": 1.5}, r"^the confidence to answer above lies in 0 to 1, not at 1\.5$"),
        ({"answer_above": math.nan}, r"lies in 0 to 1, not at nan$"),
        ({"among": ("sad",)}, r"^among sad alone there is nothing to tell: name two or more$"),
        ({"among": ("sad", "sad")}, r"^among sad alone"),
        ({"among": ("sad", "hapy")}, r"no emotion is called 'hapy' \(did you mean 'happy'\?\)"),
        ({"smoothing_s": math.inf}, r"^smoothing_s is a finite number of seconds, not inf$"),
    ],
)
def test_each_rule_has_its_own_words_and_says_what_came(changes, message):
    with pytest.raises(OptionError, match=message):
        replace(AnalysisSettings(), **changes)


@pytest.mark.parametrize("names", ["sad, Happy", ["happy", "sad"], (Emotion.SAD, Emotion.HAPPY)])
def test_emotions_are_named_one_by_one_or_in_a_list(names):
    assert named_emotions(names) == AnalysisSettings(among=names).among
    assert named_emotions(names) == (Emotion.HAPPY, Emotion.SAD)
    assert named_emotions("") == ()


def test_emotions_stand_in_the_order_of_all_whatever_was_named():
    settings = AnalysisSettings(among=("sad", Emotion.CALM, "sad"))
    assert settings.among == settings.emotions == (Emotion.CALM, Emotion.SAD)
    assert AnalysisSettings().emotions == EMOTIONS
    assert AnalysisSettings(among=tuple(EMOTIONS)) == AnalysisSettings()


def test_among_fewer_the_same_odds_against_the_others_are_asked():
    calibration = Calibration(1.3, 0.32)
    assert AnalysisSettings().applied_to(calibration) == calibration
    for count in (2, 3, 4):
        limit = AnalysisSettings(among=EMOTIONS[:count]).applied_to(calibration).abstain_below
        assert limit / ((1 - limit) / (count - 1)) == pytest.approx(0.32 / (0.68 / 4))


def test_what_the_caller_asks_goes_before_the_card():
    asked = AnalysisSettings(answer_above=0.7, among=("sad", "happy"))
    assert asked.applied_to(Calibration(1.3, 0.32)) == Calibration(1.3, 0.7)


def test_how_often_answers_are_right_was_measured_among_all():
    calibration = Calibration(1.3, 0.32, (ReliabilityBand(0.0, 0.5, 100),))
    assert AnalysisSettings(answer_above=0.7).applied_to(calibration).right_at(0.4) == 0.5
    assert AnalysisSettings(among="sad,calm").applied_to(calibration).right_at(0.4) is None
