"""A prompt with fitting terms added: genre, mood, tempo, mode, instruments, dynamics, texture and
production, as MoodGenius extends prompts for Riffusion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

from numpy.random import Generator

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.prompts.understanding import Understanding, checked_prompt, understood
from moodprint.generation.prompts.vocabulary import KINDS, Term, Vocabulary, words_of

MOST_WORDS = 30
"""Riffusion's text encoder (CLIP) reads 77 tokens: 30 words with their commas nearly fill them."""

_MOST_OF_A_KIND = {"instrument": 3, "texture": 2, "mood": 2, "production": 2}
"""One of every other kind: two tempos or modes say nothing more."""

_SMALL_WORDS = frozenset({"and", "of", "with", "the", "a", "in"})
"""May stand twice."""


@dataclass(frozen=True)
class ExtendedPrompt:
    """``text`` is the prompt and then the terms ``added``; ``emotions`` are those that the terms
    were chosen for, all that fit where the prompt names none."""

    text: str
    prompt: str
    understanding: Understanding
    emotions: tuple[Emotion, ...]
    added: tuple[Term, ...]


def extended_prompt(
    prompt: str,
    rng: Generator,
    *,
    vocabulary: Vocabulary | None = None,
    emotion: Emotion | None = None,
    most_words: int = MOST_WORDS,
) -> ExtendedPrompt:
    """The user's words first, then terms that fit them, up to ``most_words`` words in all.

    No word is added that already stands there, and no term that contradicts another or the prompt
    ("fast" beside "slow tempo", drums after "no drums"). Where neither the prompt nor ``emotion``
    names an emotion, the terms still agree on one. A prompt that is as long already stays as it is.

    Raises:
        OptionError: an empty prompt, one too long to be read, or a number of words below 1.
    """
    if most_words < 1:
        raise OptionError(f"a prompt has 1 word or more, not {most_words}")
    text = checked_prompt(prompt)
    vocabulary = Vocabulary.load() if vocabulary is None else vocabulary
    meaning = understood(text, vocabulary)
    draft = _Draft(vocabulary, meaning, emotion, words_of(text), most_words - len(text.split()))
    for kind in cycle(KINDS):
        fitting = draft.fitting()
        if not fitting:
            break
        choices = [term for term in fitting if term.kind == kind]
        if choices:
            draft.add(choices[int(rng.integers(len(choices)))])
    emotions = tuple(each for each in EMOTIONS if each in draft.emotions)
    whole = ", ".join([text.rstrip(" ,;"), *(term.name for term in draft.added)])
    return ExtendedPrompt(whole if draft.added else text, text, meaning, emotions, draft.added)


class _Draft:
    """The terms added so far, and which may still be."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        meaning: Understanding,
        emotion: Emotion | None,
        words: Iterable[str],
        words_left: int,
    ) -> None:
        self.added: tuple[Term, ...] = ()
        wanted, refused = meaning.asked, meaning.refused
        asked = {emotion} if emotion else set(wanted.emotions)
        self.emotions = frozenset(asked or set(EMOTIONS) - set(refused.emotions))
        self._asked, self._vocabulary = bool(asked), vocabulary
        self._words_left = words_left
        self._kinds = Counter(term.kind for term in wanted.terms)
        self._ruled_out = vocabulary.opposed(wanted.traits) | set(refused.traits)
        self._words = {*words, *_content_words(refused.terms)}

    def fitting(self) -> list[Term]:
        """The terms that may be added next, in the order of the vocabulary."""
        return [term for term in self._vocabulary.terms if self._fits(term)]

    def _fits(self, term: Term) -> bool:
        words = set(words_of(term.name)) - _SMALL_WORDS
        return (
            len(term.name.split()) <= self._words_left
            and self._kinds[term.kind] < _MOST_OF_A_KIND.get(term.kind, 1)
            and (not term.emotions or bool(term.emotions & self.emotions))
            and not term.traits & self._ruled_out
            and not words & self._words
        )

    def add(self, term: Term) -> None:
        """Take a term, and rule out what contradicts it."""
        self.added += (term,)
        self._words |= set(words_of(term.name))
        self._words_left -= len(term.name.split())
        self._kinds[term.kind] += 1
        self._ruled_out |= self._vocabulary.opposed(term.traits)
        if term.emotions and not self._asked:
            self.emotions &= term.emotions


def _content_words(terms: Iterable[Term]) -> set[str]:
    spellings = (spelling for term in terms for spelling in term.spellings)
    return {word for spelling in spellings for word in words_of(spelling)} - _SMALL_WORDS
