"""Words become levels of conditions; what is negated is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError
from moodprint.generation.diffusion.asking import asked_for, guide
from moodprint.generation.diffusion.card import MusicGeneratorCard
from moodprint.generation.diffusion.network import MusicNetwork


@pytest.fixture(scope="module")
def card(network: MusicNetwork) -> MusicGeneratorCard:
    return network.card


def test_emotions_are_asked_for_by_any_of_their_words(card: MusicGeneratorCard):
    happy, joyful = (asked_for(card, text).towards for text in ("happy music", "joyful tune"))
    assert happy["happy"] == joyful["happy"] > 0.9
    assert happy["valence"] > 0.9 > 0.5 > happy["sad"]
    fear = asked_for(card, "scary haunted fearful music").towards
    assert fear["fear"] > 0.9 > 0.3 > fear["valence"]


@pytest.mark.parametrize(
    ("prompt", "name", "low", "high"),
    [
        ("fast music", "tempo", 0.9, 1),
        ("slow music", "tempo", 0, 0.1),
        ("dark drone", "brightness", 0, 0.1),
        ("bright bells", "brightness", 0.9, 1),
        ("jazz", "jazz", 0.9, 1),
        ("Heavy Metal", "heavy metal", 0.9, 1),
        ("lots of hip-hop", "Hip-Hop", 0.9, 1),
        ("quiet piece", "level", 0, 0.2),
    ],
)
def test_traits_and_tags(card: MusicGeneratorCard, prompt: str, name: str, low: float, high: float):
    assert low <= asked_for(card, prompt).towards[name] <= high


def test_negated_words_are_refused(card: MusicGeneratorCard):
    asked = asked_for(card, "calm music, not fast, no jazz")
    assert asked.away["tempo"] > 0.9
    assert "jazz" not in asked.towards
    refused = asked_for(card, "calm music", negative="metal, fast").away
    assert refused["metal"] > 0.9
    assert refused["tempo"] > 0.9


@pytest.fixture(scope="module")
def players(card: MusicGeneratorCard) -> MusicGeneratorCard:
    """A generator that knows instruments besides."""
    names = ("strings", "guitar", "distorted guitar", "minor")
    others = [each for each in card.conditions if each.name not in names]
    known = [replace(card.conditions[0], name=name) for name in names]
    return replace(card, conditions=(*others, *known))


@pytest.mark.parametrize(
    ("prompt", "asked", "refused"),
    [
        ("sad cello", {"strings"}, set()),
        ("an electric guitar, no violins", {"distorted guitar"}, {"strings"}),
        ("calm guitar without strings", {"guitar"}, {"strings"}),
        ("piece in minor", {"minor"}, set()),
    ],
)
def test_instruments_are_asked_for_by_their_families(
    players: MusicGeneratorCard, prompt: str, asked: set[str], refused: set[str]
):
    found = asked_for(players, prompt)
    names = {"strings", "guitar", "distorted guitar", "minor"}
    assert {name for name in found.towards if found.towards[name] > 0.9} & names == asked
    assert set(found.away) & names == refused


def test_nothing_is_asked_for_and_refused_at_once(card: MusicGeneratorCard):
    asked = asked_for(card, "bright fast music", negative="bright")
    assert "brightness" not in asked.towards
    assert not set(asked.towards) & set(asked.away)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_an_emotion_counts_more_than_the_words(card: MusicGeneratorCard, emotion: Emotion):
    towards = asked_for(card, "happy music", emotion=emotion).towards
    assert max(EMOTIONS, key=lambda one: towards[one.value]) == emotion


def test_words_that_say_nothing_are_told(card: MusicGeneratorCard):
    assert asked_for(card, "sad zorblax jazz").passed_over == ("zorblax",)
    assert asked_for(card, "a happy jazz tune, but not too fast and no drums").passed_over == (
        "tune",
    )


def test_levels_become_values_of_the_network(card: MusicGeneratorCard):
    found = guide(card, {"tempo": 0.98, "level": 0.5})
    names = [each.name for each in card.conditions]
    assert found.known.sum() == 2
    assert found.values[names.index("tempo")] == pytest.approx(2)
    assert found.values[names.index("level")] == pytest.approx(0)
    assert not found.values[found.known == 0].any()


@pytest.mark.parametrize("prompt", ["", "   ", "!?", "a" * 10_000])
def test_prompts_that_are_none_are_refused(card: MusicGeneratorCard, prompt: str):
    with pytest.raises(OptionError):
        asked_for(card, prompt)


@given(text=st.text(max_size=60))
def test_any_text_is_understood_or_refused(card: MusicGeneratorCard, text: str):
    try:
        asked = asked_for(card, text, negative=text)
    except OptionError:
        return
    assert np.isfinite(guide(card, asked.towards).values).all()
    assert all(0 <= share <= 1 for share in [*asked.towards.values(), *asked.away.values()])
