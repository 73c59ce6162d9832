"""Terms of music with the emotions that they express and the traits that they have.

The vocabulary that ships is ``vocabulary.yaml`` beside this file, with its sources; a user may pass
another of the same form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.text_input import read_yaml

SHIPPED_VOCABULARY = Path(__file__).with_name("vocabulary.yaml")

KINDS = ("genre", "mood", "tempo", "mode", "instrument", "dynamics", "texture", "production")
"""What a term may be, in the order in which a prompt gains them."""


@dataclass(frozen=True)
class Term:
    """``emotions`` is what it expresses, empty for any; ``traits`` what it has (fast, minor);
    ``words`` are other words that mean the same."""

    name: str
    kind: str
    emotions: frozenset[Emotion] = frozenset()
    traits: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Its name, and the other words for it."""
        return (self.name, *self.words)


@dataclass(frozen=True)
class Vocabulary:
    """All terms; ``opposites`` names for each trait those that contradict it; ``trait_words`` and
    ``emotion_words`` are the words of a prompt that ask for a trait or an emotion."""

    terms: tuple[Term, ...]
    opposites: Mapping[str, frozenset[str]]
    trait_words: Mapping[str, tuple[str, ...]]
    emotion_words: Mapping[Emotion, tuple[str, ...]]

    def opposed(self, traits: Iterable[str]) -> frozenset[str]:
        """The traits that contradict any of these."""
        return frozenset().union(*(self.opposites.get(trait, frozenset()) for trait in traits))

    @classmethod
    def load(cls, path: str | Path = SHIPPED_VOCABULARY) -> Vocabulary:
        """A vocabulary from YAML.

        Raises:
            InputError: the file cannot be read. OptionError: it is no vocabulary; says where.
        """
        content = _mapping(read_yaml(Path(path)), str(path))
        _known_keys(content, ("opposites", "trait words", "emotion words", "terms"), str(path))
        terms = _mapping(content.get("terms"), f"{path}: terms")
        _known_keys(terms, KINDS, f"{path}: terms")
        words = _mapping(content.get("emotion words", {}), f"{path}: emotion words")
        return cls(
            tuple(
                _term(entry, kind, f"{path}: {kind}, term {number}")
                for kind in KINDS
                for number, entry in enumerate(_list(terms.get(kind, []), f"{path}: {kind}"), 1)
            ),
            _opposites(content.get("opposites", []), f"{path}: opposites"),
            {
                name: _texts(each, f"{path}: {name}")
                for name, each in _mapping(
                    content.get("trait words", {}), f"{path}: trait words"
                ).items()
            },
            {
                _emotion(name, f"{path}: emotion words"): _texts(each, f"{path}: {name}")
                for name, each in words.items()
            },
        )


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, width and accents composed alike (NFKC), without the
    punctuation around them; hyphens and apostrophes stay inside."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"\w+(?:[-'\u2019]\w+)*", folded)


def _term(entry: Any, kind: str, where: str) -> Term:
    fields = _mapping(entry, where)
    _known_keys(fields, ("term", "emotions", "is", "words"), where)
    name = fields.get("term")
    if not isinstance(name, str) or not words_of(name):
        raise OptionError(f"{where}: needs a text under 'term', not {name!r}")
    return Term(
        " ".join(name.split()),
        kind,
        frozenset(_emotion(each, where) for each in _texts(fields.get("emotions", []), where)),
        frozenset(_texts(fields.get("is", []), where)),
        _texts(fields.get("words", []), where),
    )


def _opposites(pairs: Any, where: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pair in _list(pairs, where):
        sides = _texts(pair, where)
        if len(set(sides)) != len(sides) or len(sides) < 2:
            raise OptionError(f"{where}: {pair!r} are no two or more different traits")
        for side in sides:
            found[side] = found.get(side, frozenset()) | (set(sides) - {side})
    return found


def _emotion(name: Any, where: str) -> Emotion:
    if name not in EMOTIONS:
        raise OptionError(f"{where}: {name!r} is none of {', '.join(EMOTIONS)}")
    return Emotion(name)


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise OptionError(f"{where}: is no mapping of names; see docs/prompts.md for the form")
    return value


def _known_keys(mapping: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for key in mapping:
        if key not in known:
            raise OptionError(f"{where}: {key!r} is none of {', '.join(known)}")


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise OptionError(f"{where}: {value!r} is no list")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    texts = _list(value, where)
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise OptionError(f"{where}: {value!r} is no list of texts")
    return tuple(texts)
