import pytest

from moodprint.emotion import Emotion
from moodprint.explanation import Cue, Explanation
from moodprint.recognition.explanation.cues.table import CUES
from moodprint.reports.explanation_text import cue_words, explanation_words, value_words

SLOW = Cue("tempo", 62.4, "bpm", -1.5, 0.4)
MINOR = Cue("mode", -0.3, "", -1.7, 0.3)
DARK = Cue("brightness", 820.0, "Hz", -1.2, 0.2)
QUIET = Cue("loudness", -31.0, "LUFS", -2.0, 0.1)
ROUGH = Cue("roughness", 3.0, "", 1.5, -0.35)


def why(*cues, key=None, say=Emotion.SAD):
    return Explanation(cues, key, 1.0, 0.0, say)


def test_the_three_strongest_are_told_strongest_first():
    said = explanation_words(why(QUIET, DARK, SLOW, MINOR), Emotion.SAD)
    assert said == "slow (62 bpm), minor, dark (820 Hz)"


def test_the_key_takes_the_place_of_the_mode_where_they_agree():
    assert explanation_words(why(MINOR, key="A minor"), Emotion.SAD) == "A minor"
    assert explanation_words(why(MINOR, key="C major"), Emotion.SAD) == "minor"


def test_a_strong_cue_against_the_answer_is_told():
    assert explanation_words(why(SLOW, ROUGH), Emotion.SAD) == "slow (62 bpm); against it: rough"
    weak = Cue("roughness", 3.0, "", 1.5, -0.1)
    assert explanation_words(why(SLOW, weak), Emotion.SAD) == "slow (62 bpm)"


def test_cues_that_say_another_emotion_are_told_as_such():
    assert explanation_words(why(SLOW, say=Emotion.CALM), Emotion.SAD).endswith(
        "; but the cues say calm"
    )


def test_what_is_usual_or_unknown_is_no_reason():
    usual = Cue("tempo", 110.0, "bpm", 0.1, 0.5)
    unknown = Cue("tempo", None, "bpm", 0.0, 0.0)
    assert explanation_words(why(usual, unknown), Emotion.SAD) == "no cue stands out"
    assert explanation_words(why(), Emotion.SAD) == "no cue stands out"


@pytest.mark.parametrize("name", CUES)
def test_every_cue_has_words_for_low_and_high_and_a_value(name):
    low, high = (Cue(name, value, "", value, 0.1) for value in (-1.0, 1.0))
    assert cue_words(low) != cue_words(high)
    assert value_words(high)
    assert value_words(Cue(name, None, "", 0.0, 0.0)) == "none"


def test_registers_are_named_as_notes():
    assert value_words(Cue("register", 60.2, "MIDI pitch", 1.0, 0.0)) == "around C4"
    assert value_words(Cue("register", 57.0, "MIDI pitch", 1.0, 0.0)) == "around A3"
