"""The music generator that ships: what its card says holds for its networks."""

from __future__ import annotations

import numpy as np
import pytest
from recipes.diffusion.conditions import condition_names
from recipes.diffusion.measured import MEASURED, measured
from recipes.diffusion.spectrogram import FRAMES, PICTURE, to_bytes

from moodprint.bundle import DEFAULT_MUSIC_GENERATOR, open_bundle
from moodprint.clip import Clip
from moodprint.emotion import Emotion
from moodprint.generation.diffusion.card import MusicGeneratorCard
from moodprint.generation.diffusion.music import (
    DiffusionRequest,
    DiffusionSettings,
    asked_of,
    draw_music,
)
from moodprint.recognition.analyzer import Analyzer


def _drawn(prompt: str, seed: int = 11, steps: int = 12, **more: str) -> np.ndarray:
    settings = DiffusionSettings(seconds=5.12, steps=steps, seed=seed)
    request = DiffusionRequest(prompt, DEFAULT_MUSIC_GENERATOR, settings=settings, **more)
    return draw_music(request, np.random.default_rng()).samples[0]


def _measure(samples: np.ndarray, name: str) -> float:
    return float(measured(to_bytes(PICTURE.of(samples)[:FRAMES]))[MEASURED.index(name)])


def test_the_card_says_what_it_can_be_asked_for_and_what_it_is_made_of() -> None:
    bundle = open_bundle(DEFAULT_MUSIC_GENERATOR)
    card = bundle.card_as(MusicGeneratorCard)
    assert [each.name for each in card.conditions] == condition_names()
    assert card.metrics
    assert card.data
    assert card.limits
    assert sum(len(bundle.read(name)) for name in card.files) < 20_000_000


def test_words_for_instruments_and_moods_are_understood() -> None:
    request = DiffusionRequest("sad cello in minor, no drums", DEFAULT_MUSIC_GENERATOR)
    asked = asked_of(request)
    wanted = {name for name, share in asked.towards.items() if share > 0.9}
    assert {"sad", "strings", "minor"} <= wanted
    assert "drums" in asked.away


@pytest.mark.long
def test_bright_is_brighter_than_dark() -> None:
    bright, dark = (
        np.mean([_measure(_drawn(f"{word} music", seed), "brightness") for seed in (1, 2, 3)])
        for word in ("bright", "dark")
    )
    assert bright > dark


@pytest.mark.long
def test_anger_is_kept_apart_from_calm_by_our_recogniser() -> None:
    """Of three seeds each, the angry pieces have more anger than the calm ones have."""
    analyzer = Analyzer()
    chances = {
        emotion: np.mean([_probability(analyzer, emotion, "angry", seed) for seed in (1, 2, 3)])
        for emotion in ("angry", "calm")
    }
    assert chances["angry"] > chances["calm"] + 0.2


def _probability(analyzer: Analyzer, asked: str, emotion: str, seed: int) -> float:
    clip = Clip(_drawn(f"{asked} music", seed), PICTURE.sample_rate_hz)
    return analyzer.clip(clip).overall.probabilities[Emotion(emotion)]
