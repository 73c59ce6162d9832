"""Extended prompts keep what was asked, and say nothing twice or against it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.prompts.extension import ExtendedPrompt, extended_prompt
from moodprint.generation.prompts.vocabulary import Vocabulary, words_of

VOCABULARY = Vocabulary.load()
PROMPTS = st.lists(
    st.sampled_from(
        [
            *("happy", "scary", "sad", "calm", "angry", "fast", "slow", "major", "minor", "no"),
            *("not", "drums", "piano", "reverb", "solo cello", "музыка", "lo-fi", "music", "x"),
        ]
    ),
    min_size=1,
    max_size=40,
).map(" ".join)


def extended(
    prompt: str, seed: int = 1, most_words: int = 30, emotion: Emotion | None = None
) -> ExtendedPrompt:
    rng = np.random.default_rng(seed)
    return extended_prompt(
        prompt, rng, vocabulary=VOCABULARY, emotion=emotion, most_words=most_words
    )


@given(PROMPTS, st.integers(0, 2**32), st.integers(1, 60))
def test_words_are_kept_first_and_none_is_added_twice(
    prompt: str, seed: int, most_words: int
) -> None:
    result = extended(prompt, seed, most_words)
    assert result.text.startswith(prompt)
    assert len(result.text.split()) <= max(most_words, len(prompt.split()))
    added = [word for term in result.added for word in words_of(term.name)]
    assert len(set(added)) == len(added)
    assert not set(added) & set(words_of(prompt))


@given(PROMPTS, st.integers(0, 2**32))
def test_nothing_added_contradicts(prompt: str, seed: int) -> None:
    result = extended(prompt, seed)
    said = set(result.understanding.asked.traits)
    for term in result.added:
        assert not term.traits & VOCABULARY.opposed(said), (term, said)
        assert not term.traits & set(result.understanding.refused.traits)
        assert not term.emotions or term.emotions & set(result.emotions)
        said |= term.traits


@given(PROMPTS, st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_prompt(prompt: str, seed: int) -> None:
    assert extended(prompt, seed) == extended(prompt, seed)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_short_prompt_is_nearly_filled(emotion: Emotion) -> None:
    for seed in range(20):
        result = extended(f"{emotion} music", seed)
        assert 18 <= len(result.text.split()) <= 30
        assert emotion in result.emotions


def test_seeds_differ() -> None:
    assert len({extended("happy music", seed).text for seed in range(30)}) == 30


def test_terms_agree_on_an_emotion_where_none_is_asked() -> None:
    for seed in range(30):
        result = extended("music for a film", seed)
        shared = frozenset(EMOTIONS).intersection(*(term.emotions for term in result.added))
        assert shared
        assert shared == set(result.emotions)


def test_an_option_names_the_emotion() -> None:
    assert extended("piano", emotion=Emotion.FEAR).emotions == (Emotion.FEAR,)


def test_a_refused_emotion_is_not_chosen() -> None:
    for seed in range(30):
        assert Emotion.SAD not in extended("not sad", seed).emotions


def test_a_kind_that_was_asked_for_is_not_given_twice() -> None:
    for seed in range(30):
        assert "tempo" not in {term.kind for term in extended("allegro music", seed).added}


def test_a_long_prompt_stays_as_it_is() -> None:
    prompt = " ".join(f"word{number}" for number in range(30))
    assert extended(prompt).text == prompt


def test_a_comma_at_the_end_is_not_doubled() -> None:
    assert ",," not in extended("happy music,").text


def test_too_few_words_are_refused() -> None:
    with pytest.raises(OptionError, match="1 word or more"):
        extended("happy", most_words=0)
