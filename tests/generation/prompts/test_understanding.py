"""What is read out of a prompt."""

from __future__ import annotations

import pytest

from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.generation.prompts.understanding import (
    LONGEST_PROMPT,
    checked_prompt,
    understood,
)
from moodprint.generation.prompts.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load()


@pytest.mark.parametrize(
    ("prompt", "emotions"),
    [
        ("happy music", (Emotion.HAPPY,)),
        ("scary haunted fearful music", (Emotion.FEAR,)),
        ("SAD, lonely", (Emotion.SAD,)),
        ("calm but joyful", (Emotion.CALM, Emotion.HAPPY)),
        ("music for unhappy people", ()),
        ("madrigal", ()),
    ],
)
def test_emotions_are_read_off_whole_words(prompt: str, emotions: tuple[Emotion, ...]) -> None:
    assert understood(prompt, VOCABULARY).asked.emotions == emotions


@pytest.mark.parametrize("negation", ["no", "without", "no very", "without any", "not too"])
def test_negated_words_are_refused(negation: str) -> None:
    meaning = understood(f"music {negation} drums", VOCABULARY)
    assert meaning.refused.traits == ("drums",)
    assert meaning.asked.traits == ()


def test_a_negation_reaches_its_own_word_alone() -> None:
    meaning = understood("not sad, fast", VOCABULARY)
    assert meaning.refused.emotions == (Emotion.SAD,)
    assert meaning.asked.traits == ("fast",)


def test_terms_are_known_by_their_other_words() -> None:
    terms = understood("cello and reverb", VOCABULARY).asked.terms
    assert [term.name for term in terms] == ["solo cello", "wide reverb"]


def test_unknown_words_are_passed_over() -> None:
    assert understood("музыка для видео", VOCABULARY).is_empty
    assert not understood("no drums", VOCABULARY).is_empty


@pytest.mark.parametrize("prompt", ["", "  \n\t", "!?", "—", "😀"])
def test_a_prompt_without_a_word_is_refused(prompt: str) -> None:
    with pytest.raises(OptionError, match="no word"):
        checked_prompt(prompt)


def test_an_endless_prompt_is_refused() -> None:
    assert checked_prompt("a" * LONGEST_PROMPT)
    with pytest.raises(OptionError, match="10,000 characters"):
        checked_prompt("a " * 4999 + "aa")


def test_a_prompt_becomes_one_safe_line() -> None:
    assert checked_prompt(" happy\n music\x1b[31m ") == r"happy music\x1b[31m"
