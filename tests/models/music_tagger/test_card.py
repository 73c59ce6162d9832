import pytest
from cards import music_tagger_card

from moodprint.bundle import open_bundle
from moodprint.errors import OptionError
from moodprint.models.music_tagger.card import MusicTaggerCard, weights_file

FILES = {"msd.onnx": "0" * 64}


def test_the_card_that_ships_names_source_licence_and_fifty_tags():
    bundle = open_bundle("musicnn")
    assert bundle.card.licence == "ISC"
    assert "Permission to use, copy, modify" in bundle.fields["licence_text"]
    assert bundle.fields["source"]["package"].startswith("musicnn 0.1.0")
    assert {name: len(tags) for name, tags in bundle.card.tags.items()} == {"MSD": 50, "MTT": 50}
    assert set(bundle.card.files) == {"msd.onnx", "mtt.onnx"}


def test_a_file_is_named_after_what_the_network_was_trained_on():
    assert weights_file("MSD") == "msd.onnx"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"features": {"hop": 160}}, "not 187 frames of .*'hop': 256"),
        ({"features": {"frames_per_patch": 100}}, "take 100 frames"),
        ({"tags": {}}, "names no tags"),
        ({"tags": {"MSD": []}}, "names no tags for MSD"),
        ({"tags": {"MSD": ["rock"], "MTT": ["rock"]}}, r"lists no mtt\.onnx"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(changes, message):
    fields = {**music_tagger_card(), "files": FILES}
    fields |= {name: {**fields[name], **value} for name, value in changes.items() if name != "tags"}
    fields |= {name: value for name, value in changes.items() if name == "tags"}
    with pytest.raises(OptionError, match=message):
        MusicTaggerCard.from_dict(fields)
