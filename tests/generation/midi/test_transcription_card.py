import pytest
from cards import transcription_card

from moodprint.bundle import open_bundle
from moodprint.generation.midi.transcribe import BUNDLE
from moodprint.generation.midi.transcription_card import GRAPH, TranscriptionCard

FILES = {"files": {GRAPH: "0" * 64}}


def card(**changes):
    return TranscriptionCard.from_dict(transcription_card(**FILES | changes))


def test_it_says_what_the_network_takes_and_tells():
    read = card()
    assert (read.sample_rate_hz, read.lowest_pitch, read.keys) == (22_050, 21, 88)


def test_the_shipped_one_says_the_same():
    shipped = open_bundle(BUNDLE).card_as(TranscriptionCard)
    assert (shipped.sample_rate_hz, shipped.keys) == (22_050, 88)
    assert shipped.licence == "Apache-2.0"


@pytest.mark.parametrize("change", [{"sample_rate_hz": 44_100}, {"keys": 12}, {"lowest_pitch": 0}])
def test_other_windows_than_those_of_the_code_are_refused(change):
    features = {**transcription_card()["features"], **change}
    with pytest.raises(ValueError, match="not 22050 Hz and 88 keys from 21 up"):
        card(features=features)


def test_a_card_without_the_network_is_refused():
    with pytest.raises(ValueError, match=r"lists no nmp\.onnx"):
        card(files={})
