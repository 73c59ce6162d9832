"""What the words of a prompt ask for, and what they rule out: emotions, traits and terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.prompts.vocabulary import Term, Vocabulary, words_of
from moodprint.plain_text import one_line

LONGEST_PROMPT = 1000
"""Characters. Text encoders of music models read some 77 to 512 tokens; more would be ignored."""

_NEGATIONS = frozenset({"no", "not", "without", "non", "never", "don't"})
_PASSED_OVER = frozenset({"a", "an", "any", "the", "too", "very", "so", "much"})
"""Words between a negation and what it negates: "not too fast"."""

LINKS = _NEGATIONS | _PASSED_OVER | {"and", "but", "in", "like", "music", "of", "on", "or", "with"}
"""Words that say something only beside others."""


@dataclass(frozen=True)
class Meaning:
    """Some emotions, traits ("fast", "minor") and terms of the vocabulary, each in its order."""

    emotions: tuple[Emotion, ...] = ()
    traits: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """What is ``asked`` for, and what is ``refused`` ("no drums", "not sad")."""

    asked: Meaning
    refused: Meaning

    @property
    def is_empty(self) -> bool:
        """Whether no word was understood."""
        return self.asked == self.refused == Meaning()


def checked_prompt(prompt: str) -> str:
    """A prompt on one line.

    Raises:
        OptionError: it holds no word, or more than ``LONGEST_PROMPT`` characters.
    """
    text = " ".join(one_line(prompt).split())
    if len(text) > LONGEST_PROMPT:
        raise OptionError(
            f"the prompt has {len(text):,} characters; {LONGEST_PROMPT:,} are the most"
        )
    if not words_of(text):
        raise OptionError('the prompt holds no word; describe the music, such as "happy music"')
    return text


def understood(prompt: str, vocabulary: Vocabulary) -> Understanding:
    """What a prompt says in words that the vocabulary knows; all others are passed over."""
    words = words_of(prompt)
    return Understanding(_meaning(words, vocabulary, False), _meaning(words, vocabulary, True))


def _meaning(words: Sequence[str], vocabulary: Vocabulary, negated: bool) -> Meaning:
    def says(spellings: Sequence[str]) -> bool:
        return negated in _said(words, spellings)

    emotion_words = vocabulary.emotion_words
    return Meaning(
        tuple(each for each in EMOTIONS if says(emotion_words.get(each, ()))),
        tuple(each for each, spellings in vocabulary.trait_words.items() if says(spellings)),
        tuple(term for term in vocabulary.terms if says(term.spellings)),
    )


def _said(words: Sequence[str], spellings: Sequence[str]) -> list[bool]:
    """For each place where one of the spellings stands: whether it is negated."""
    found: list[bool] = []
    for spelling in spellings:
        wanted = words_of(spelling)
        starts = range(len(words) - len(wanted) + 1)
        found += [
            _negated(words, start)
            for start in starts
            if words[start : start + len(wanted)] == wanted
        ]
    return found


def _negated(words: Sequence[str], start: int) -> bool:
    before = start - 1
    while before >= 0 and words[before] in _PASSED_OVER:
        before -= 1
    return before >= 0 and words[before] in _NEGATIONS
