import pytest
from cards import generator_card

from moodprint.bundle import open_bundle
from moodprint.generation.note_generator import GeneratorCard


def card(**changes):
    return GeneratorCard.from_dict({**generator_card(), "files": {}, **changes})


def test_it_says_what_the_generator_can_play():
    read = card(metrics={"notes": 3}, limits=["none"])
    assert (read.lowest_pitch, read.highest_pitch, read.latent_size) == (24, 84, 256)
    assert (read.metrics, read.limits) == ({"notes": 3}, ["none"])


def test_the_shipped_one_says_it_too():
    assert open_bundle("band").card_as(GeneratorCard).parameters > 100_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["angry"]}, "has no labels"),
        ({"sample_rate_hz": 44_100}, "plays at 44100 Hz, not at 16000"),
        ({"lowest_pitch": -1}, "its pitches are -1 to 84"),
        ({"lowest_pitch": 85}, "its pitches are 85 to 84"),
        ({"highest_pitch": 128}, "its pitches are 24 to 128"),
        ({"latent_size": 0}, "0 latents"),
        ({"blocks": None}, "blocks is None, not a whole number"),
        ({"source": 3}, "source is 3, not a text"),
    ],
)
def test_a_card_without_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        card(**changes)
