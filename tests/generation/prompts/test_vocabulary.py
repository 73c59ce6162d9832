"""The vocabulary that ships, and broken ones of users."""

from __future__ import annotations

from pathlib import Path

import pytest

from moodprint.emotion import EMOTIONS
from moodprint.errors import InputError, OptionError
from moodprint.generation.prompts.vocabulary import KINDS, Vocabulary, words_of

SHIPPED = Vocabulary.load()


def test_every_emotion_has_terms_of_every_kind() -> None:
    for emotion in EMOTIONS:
        kinds = {term.kind for term in SHIPPED.terms if emotion in term.emotions}
        assert kinds == set(KINDS), emotion


def test_no_term_stands_twice_or_contradicts_itself() -> None:
    names = [term.name for term in SHIPPED.terms]
    assert len(set(names)) == len(names)
    for term in SHIPPED.terms:
        assert not term.traits & SHIPPED.opposed(term.traits), term


def test_every_trait_has_an_opposite_and_words() -> None:
    used = {trait for term in SHIPPED.terms for trait in term.traits}
    known = set(SHIPPED.opposites)
    assert used <= known, "a misspelled trait contradicts nothing"
    assert not set(SHIPPED.trait_words) - known


def test_opposites_go_both_ways() -> None:
    for trait, others in SHIPPED.opposites.items():
        assert all(trait in SHIPPED.opposites[other] for other in others)


def test_emotion_words_name_one_emotion_each() -> None:
    words = [word for each in SHIPPED.emotion_words.values() for word in each]
    assert len(set(words)) == len(words)


def test_words_are_folded() -> None:
    assert words_of("Happy, \uff2dusic! lo-fi don't") == ["happy", "music", "lo-fi", "don't"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no mapping"),
        ("- a", "no mapping"),
        ("terms: []", "no mapping"),
        ("terms: {genres: []}", "'genres' is none of"),
        ("terms: {genre: {}}", "no list"),
        ("terms: {genre: [{}]}", "genre, term 1: needs a text"),
        ("terms: {genre: [{term: '!'}]}", "genre, term 1: needs a text"),
        ("terms: {genre: [{term: ska, emotions: [merry]}]}", "'merry' is none of"),
        ("terms: {genre: [{term: ska, emotion: [happy]}]}", "'emotion' is none of"),
        ("terms: {genre: [{term: ska, is: fast}]}", "no list"),
        ("terms: {genre: [{term: ska, words: [1]}]}", "no list of texts"),
        ("terms: {}\nopposites: [[fast, fast]]", "different traits"),
        ("terms: {}\nemotion words: {merry: [a]}", "'merry' is none of"),
        ("terms: {}\ntrait words: {fast: quick}", "no list"),
        ("terms: {1: 2}", "no mapping"),
        ("terms: {genre: [", "is not YAML"),
    ],
)
def test_broken_vocabularies_are_refused_with_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(OptionError, match=said) as error:
        Vocabulary.load(file)
    assert str(file) in str(error.value)


def test_a_missing_vocabulary_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        Vocabulary.load(tmp_path / "none.yaml")
