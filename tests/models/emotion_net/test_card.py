import copy

import pytest
from cards import emotion_network_card

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import open_bundle
from moodprint.emotion import EMOTIONS
from moodprint.models.emotion_net.card import WEIGHTS, EmotionNetworkCard

FILES = {"files": {WEIGHTS: "0" * 64}}


def card(**changes):
    return EmotionNetworkCard.from_dict(emotion_network_card(**FILES | changes))


def with_mel(**changes):
    features = copy.deepcopy(emotion_network_card()["features"])
    features["log_mel"] |= changes
    return {"features": features}


def test_it_says_what_the_network_takes_and_gives():
    read = card()
    assert read.labels == tuple(EMOTIONS)
    assert read.log_mel == LogMel()
    assert read.row_s == 0.5
    assert (read.calibration.temperature, read.calibration.abstain_below) == (1.5, 0.3)


def test_the_shipped_one_hears_in_rows_of_half_a_second():
    shipped = open_bundle("ear").card_as(EmotionNetworkCard)
    assert (shipped.name, shipped.row_s) == ("ear", 0.5)


@pytest.mark.parametrize(
    "labels", [[], list(EMOTIONS)[::-1], list(EMOTIONS)[:4], [*EMOTIONS, "tender"]]
)
def test_labels_that_are_not_the_five_emotions_in_their_order_are_refused(labels):
    with pytest.raises(ValueError, match="not angry, calm, fear, happy, sad"):
        card(labels=labels)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hop": 0}, "0 < hop"),
        ({"hop": 2.5}, r"features\.log_mel\.hop is 2\.5, not a whole number"),
        ({"window": 65_536}, "a window of up to 16384"),
        ({"bands": 0}, "up to 512 bands"),
        ({"bands": 10**9}, "up to 512 bands"),
        ({"sample_rate_hz": 10**9}, "its sample rate"),
        ({"lowest_hz": -1}, "bands lie within"),
        ({"highest_hz": 9_000}, "bands lie within"),
        ({"floor_db": float("nan")}, "not a finite number"),
    ],
)
def test_a_spectrogram_without_sense_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        card(**with_mel(**changes))


@pytest.mark.parametrize("frames", [0, -32, 1, 10_000])
def test_rows_without_sense_are_refused(frames):
    features = {**emotion_network_card()["features"], "frames_per_row": frames}
    with pytest.raises(ValueError, match="its rows last"):
        card(features=features)


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf"), "1", None, True])
def test_a_temperature_without_sense_is_refused(temperature):
    with pytest.raises(ValueError, match="temperature"):
        card(calibration={"temperature": temperature, "abstain_below": 0.3})


def test_a_card_without_the_network_is_refused():
    with pytest.raises(ValueError, match=r"lists no ear\.onnx"):
        card(files={})
