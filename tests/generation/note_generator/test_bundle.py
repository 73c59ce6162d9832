from dataclasses import replace
from pathlib import Path

import pytest

from moodprint.bundle import open_bundle
from moodprint.errors import BundleError, OptionError
from moodprint.generation.note_generator import GeneratorCard
from moodprint.generation.note_generator.bundle import bundled_instruments, save_bundle
from moodprint.generation.note_generator.instruments import Instrument
from moodprint.generation.note_generator.timbre import Timbre

CARD = GeneratorCard(name="small", source="a test", licence="none", parameters=12, blocks=2)
FLUTE = Instrument(tuple(float(value) for value in range(256)), Timbre(2.0, 0.5, 0.1))


def test_what_is_saved_is_opened_again(tmp_path: Path) -> None:
    card = replace(CARD, metrics={"notes": 3}, limits=["none"])
    save_bundle(tmp_path, b"a graph", card)
    opened = open_bundle(tmp_path)
    assert replace(opened.card_as(GeneratorCard), files={}) == card
    assert opened.read("generator.onnx") == b"a graph"


def test_instruments_come_with_a_bundle(tmp_path: Path) -> None:
    save_bundle(tmp_path, b"a graph", CARD, {"flute": FLUTE})
    assert bundled_instruments(tmp_path) == {"flute": FLUTE}
    save_bundle(tmp_path / "without", b"a graph", CARD)
    assert bundled_instruments(tmp_path / "without") == {}


def test_an_older_bundle_is_replaced(tmp_path: Path) -> None:
    save_bundle(tmp_path, b"a graph", CARD, {"flute": FLUTE})
    save_bundle(tmp_path, b"another", replace(CARD, name="other"))
    assert open_bundle(tmp_path).card.name == "other"
    assert bundled_instruments(tmp_path) == {}


def test_changed_or_broken_instruments_are_refused(tmp_path: Path) -> None:
    save_bundle(tmp_path, b"a graph", CARD, {"flute": FLUTE})
    (tmp_path / "instruments.json").write_text("{}")
    with pytest.raises(BundleError, match="not what its card says"):
        bundled_instruments(tmp_path)
    save_bundle(tmp_path, b"a graph", CARD, {"flute": replace(FLUTE, latent=(1.0, 2.0))})
    with pytest.raises(BundleError, match=r"instruments\.json is broken: a latent has 256 numbers"):
        bundled_instruments(tmp_path)
    with pytest.raises(OptionError, match="nowhere"):
        bundled_instruments(tmp_path / "nowhere")


def test_a_card_of_the_first_kind_is_still_read(own_bundle: Path) -> None:
    card = own_bundle / "card.json"
    text = card.read_text()
    assert '"kind": "note-generator"' in text, "what ships has the name of today"
    card.write_text(text.replace('"kind": "note-generator"', '"kind": "note-gan"'))
    assert open_bundle(own_bundle).card_as(GeneratorCard).name == "band"
