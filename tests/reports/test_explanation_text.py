import subprocess
import sys

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


def test_cues_that_say_another_emotion_explain_nothing_and_give_no_verdict():
    said = explanation_words(why(SLOW, ROUGH, DARK, QUIET, say=Emotion.CALM), Emotion.SAD)
    assert said == "the cues point elsewhere (slow (62 bpm), rough, dark (820 Hz))"
    assert "calm" not in said
    assert explanation_words(why(say=Emotion.CALM), Emotion.SAD) == (
        "the cues point elsewhere (no cue stands out)"
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


def test_a_cue_of_another_version_is_told_by_its_name():
    strange = Cue("vocal_share\x1b", 0.8, "", 1.2, 0.4)
    assert cue_words(strange) == "high vocal share\\x1b"
    assert value_words(strange) == "0.80"
    assert explanation_words(why(strange), Emotion.SAD) == cue_words(strange)


def test_at_most_three_speak_for_an_answer():
    cues = [
        Cue(name, 60.0, "", 2.0, 0.5) for name in ("loudness", "brightness", "tempo", "register")
    ]
    assert explanation_words(why(*cues), Emotion.SAD).count(",") == 2


def test_the_strongest_comes_first():
    soft, strong = (
        Cue(name, 60.0, "", 2.0, push) for name, push in (("tempo", 0.2), ("loudness", 0.9))
    )
    assert explanation_words(why(soft, strong), Emotion.SAD).startswith("loud (60 LUFS), fast")


def test_words_load_nothing_that_measures_cues_until_they_are_asked_for():
    code = "import sys, moodprint.reports.explanation_text; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if ".cues." in name]
