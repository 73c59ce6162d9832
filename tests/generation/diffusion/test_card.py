"""A card says all that the engine needs, or is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from moodprint.generation.diffusion.card import MusicGeneratorCard


@pytest.fixture
def fields(tiny: Path) -> dict[str, Any]:
    return json.loads((tiny / "card.json").read_text())


def test_a_card_is_read(fields: dict[str, Any]):
    card = MusicGeneratorCard.from_dict(fields)
    assert (card.latents.channels, card.latents.frames, card.latents.bands) == (8, 64, 16)
    assert {"guitar", "happy", "happy (tag)", "valence", "tempo"} <= {
        each.name for each in card.conditions
    }


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("latents", "frames"), 62, "latents"),
        (("latents", "bands"), 8, "bands in common"),
        (("latents", "scale"), 0.0, "scale"),
        (("range_db",), -1.0, "range"),
        (("shares",), [0.5, 0.1], "rise"),
        (("conditions",), [], "no conditions"),
        (("labels",), ["happy"], "no labels"),
        (("spectrogram", "hop"), "ten", "hop"),
    ],
)
def test_what_fits_no_network_is_refused(
    fields: dict[str, Any], place: tuple[str, ...], value: Any, words: str
):
    holder = fields
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    with pytest.raises(ValueError, match=words):
        MusicGeneratorCard.from_dict(fields)


def test_a_condition_needs_a_scale(fields: dict[str, Any]):
    fields["conditions"][3]["deviation"] = 0.0
    with pytest.raises(ValueError, match="scale"):
        MusicGeneratorCard.from_dict({**fields, "conditions": fields["conditions"]})
