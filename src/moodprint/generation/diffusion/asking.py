"""From a prompt to what the network is asked for: a level of each condition that the words name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.emotion import Emotion
from moodprint.generation.diffusion.card import Condition, MusicGeneratorCard
from moodprint.generation.diffusion.network import Guide
from moodprint.generation.prompts.understanding import LINKS, Meaning, checked_prompt, understood
from moodprint.generation.prompts.vocabulary import Vocabulary, words_of
from moodprint.text_input import read_yaml

_NAMED_SHARE = 0.97
"""Of a tag or an instrument that is named: more than nearly all music has."""
_NEGATIONS = ("no", "without", "not")

Levels = Mapping[str, float]
"""Conditions by name, each as the share of music that has less of it."""


@dataclass(frozen=True)
class Asked:
    """``towards`` is what a prompt asks for and ``away`` what it refuses; ``passed_over`` are its
    words that say nothing to the generator; ``emotion`` is the first that it names or implies."""

    towards: Levels
    away: Levels
    passed_over: tuple[str, ...]
    emotion: Emotion | None = None


def asked_for(
    card: MusicGeneratorCard,
    prompt: str | None,
    *,
    negative: str = "",
    emotion: Emotion | None = None,
) -> Asked:
    """What a prompt asks a generator for, if there is one. What ``negative`` asks for is refused,
    and so is what the prompt itself negates ("no drums"); ``emotion`` counts more than emotions in
    the prompt.

    Raises:
        OptionError: a prompt holds no word, or too many characters.
    """
    names = _spellings(card)
    vocabulary = _vocabulary()
    text = "" if prompt is None else checked_prompt(prompt)
    said = understood(text, vocabulary)
    named, negated = _named(text, names)
    emotions = _emotions(said.asked, emotion)
    towards = _levels(said.asked, named, emotions)
    away = _levels(said.refused, negated, _emotions(said.refused, None))
    if negative:
        refused = understood(checked_prompt(negative), vocabulary).asked
        named, _ = _named(negative, names)
        away = {**away, **_levels(refused, named, _emotions(refused, None))}
    known = {condition.name for condition in card.conditions}
    towards = {name: share for name, share in towards.items() if name in known and name not in away}
    away = {name: share for name, share in away.items() if name in known}
    first = emotions[0] if emotions else None
    return Asked(towards, away, _passed_over(text, names, vocabulary), first)


def guide(card: MusicGeneratorCard, levels: Levels) -> Guide:
    """Levels as the network takes them."""
    values = np.zeros(len(card.conditions), np.float32)
    known = np.zeros(len(card.conditions), np.float32)
    for index, condition in enumerate(card.conditions):
        if condition.name in levels:
            values[index] = _value(condition, card.shares, levels[condition.name])
            known[index] = 1
    return Guide(values, known)


def _value(condition: Condition, shares: Iterable[float], share: float) -> float:
    """The scaled value that the share of music has less than."""
    level = float(np.interp(share, list(shares), condition.quantiles))
    return (level - condition.mean) / condition.deviation


def _emotions(meaning: Meaning, emotion: Emotion | None) -> tuple[Emotion, ...]:
    """What is given, else what is named, else what all terms express alike."""
    if emotion is not None:
        return (emotion,)
    if not meaning.emotions and len({each.emotions for each in meaning.terms}) == 1:
        return tuple(sorted(meaning.terms[0].emotions))
    return meaning.emotions


def _levels(meaning: Meaning, named: Iterable[str], emotions: tuple[Emotion, ...] = ()) -> Levels:
    """What is named, then traits of the terms, then named traits and emotions: later ones count."""
    meanings = _meanings()
    levels: dict[str, float] = dict.fromkeys(named, _NAMED_SHARE)
    traits = [trait for term in meaning.terms for trait in sorted(term.traits)]
    for trait in [*traits, *meaning.traits]:
        levels.update(meanings["traits"].get(trait, {}))
    if emotions:
        each = [meanings["emotions"][one] for one in emotions]
        levels.update({name: max(one[name] for one in each) for name in each[0]})
        for name in ("valence", "arousal"):
            levels[name] = float(np.mean([one[name] for one in each]))
    return levels


def _spellings(card: MusicGeneratorCard) -> dict[str, str]:
    """The conditions by what a prompt may call them; an instrument of a longer name ("electric
    guitar") comes before one that is a part of it."""
    own = {" ".join(words_of(each.name)): each.name for each in card.conditions}
    other = {
        word: family
        for family, words in _meanings()["instruments"].items()
        if family in own.values()
        for word in words
    }
    both = {**other, **own}
    return {name: both[name] for name in sorted(both, key=len, reverse=True)}


def _named(prompt: str, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The conditions that a prompt names ("jazz", "heavy metal", "cello"), and those that it names
    to refuse them ("no piano")."""
    text = f" {' '.join(words_of(prompt))} "
    named: list[str] = []
    negated: list[str] = []
    for name, condition in names.items():
        for before in re.findall(rf" (\S* ?){re.escape(name)}(?= )", text):
            (negated if before.strip() in _NEGATIONS else named).append(condition)
        text = text.replace(f" {name} ", " , ")
    return named, negated


def _passed_over(prompt: str, names: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    spellings = [
        spelling
        for term in vocabulary.terms
        if term.traits or term.emotions
        for spelling in term.spellings
    ]
    for table in (vocabulary.trait_words, vocabulary.emotion_words):
        spellings += [word for words in table.values() for word in words]
    known = {word for spelling in [*spellings, *names] for word in words_of(spelling)} | LINKS
    return tuple(dict.fromkeys(word for word in words_of(prompt) if word not in known))


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary.load()


@cache
def _meanings() -> dict[str, Any]:
    return dict(read_yaml(Path(__file__).with_name("meanings.yaml")))
