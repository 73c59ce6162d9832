"""What prompts ask of a piece."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.errors import OptionError
from moodprint.generation.composition.wishes import PLAYED_BY, wishes_of
from moodprint.generation.performance import known_instruments

KNOWN = tuple(known_instruments("band", None))


@pytest.mark.parametrize(
    ("prompt", "emotion", "fields"),
    [
        ("happy music", Emotion.HAPPY, {}),
        ("scary haunted fearful music", Emotion.FEAR, {}),
        ("slow sad piano and cello", Emotion.SAD,
         {"tempo_bpm": 62, "instruments": ("yamaha grand piano", "cello")}),
        ("fast angry music, no drums", Emotion.ANGRY, {"tempo_bpm": 150, "drums": False}),
        ("calm, 73 bpm, major, with drums", Emotion.CALM,
         {"tempo_bpm": 73, "minor": False, "drums": True}),
        ("sad pan flute", Emotion.SAD, {"instruments": ("pan flute",)}),
        ("happy violins without trumpet", Emotion.HAPPY, {"instruments": ("violin",)}),
        ("music", None, {}),
        ("musique pour dormir \u97f3\u6a02", None, {}),
    ],
)  # fmt: skip
def test_words_are_followed(
    prompt: str, emotion: Emotion | None, fields: dict[str, object]
) -> None:
    mood, wishes = wishes_of(prompt, KNOWN)
    assert mood == emotion
    for name, value in fields.items():
        assert getattr(wishes, name) == value


@pytest.mark.parametrize("prompt", ["", "  ", "x" * 10_000, "sad 999 bpm", "!?"])
def test_bad_prompts_are_refused(prompt: str) -> None:
    with pytest.raises(OptionError):
        wishes_of(prompt, KNOWN)


def test_common_names_are_played_by_what_there_is() -> None:
    assert set(PLAYED_BY.values()) <= set(KNOWN)


@given(st.text(min_size=1, max_size=80))
def test_no_text_breaks_it(prompt: str) -> None:
    with contextlib.suppress(OptionError):
        wishes_of(prompt, KNOWN)
