import numpy as np
import pytest
from cards import CALIBRATION, CARDS

from moodprint.bundle import BundleKind, Calibration, open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.recognition.recogniser import calibration_of, load_recogniser

RECOGNISERS = {BundleKind.EMOTION_NETWORK, BundleKind.STUDY_CLASSIFIER}


def written(kind, folder):
    make, file = CARDS[kind]
    write_bundle(folder, make(), {file: b"weights"})
    return open_bundle(folder)


def test_the_shipped_bundle_recognises_emotions():
    recogniser = load_recogniser(open_bundle("ear"))
    assert (recogniser.name, recogniser.sample_rate_hz, recogniser.row_s) == ("ear-4", 16_000, 0.5)
    assert recogniser.infer([]).emotion.shape == (1, 5)


@pytest.mark.parametrize("kind", sorted(RECOGNISERS))
def test_what_recognises_emotions_is_calibrated(kind, tmp_path):
    assert calibration_of(written(kind, tmp_path)) == Calibration(**CALIBRATION)


@pytest.mark.parametrize("kind", sorted(set(BundleKind) - RECOGNISERS))
def test_what_recognises_no_emotions_is_refused_by_name(kind, tmp_path):
    with pytest.raises(BundleError, match=f"of kind {kind}, which recognises no emotions; emotion"):
        load_recogniser(written(kind, tmp_path))


def test_a_recogniser_is_told_by_what_it_can_do():
    recogniser = load_recogniser(open_bundle("ear"), threads=1)
    outputs = recogniser.infer([np.zeros(recogniser.sample_rate_hz, np.float32)])
    assert outputs.rows == 2
    assert outputs.row_s == recogniser.row_s
    assert outputs.emotion.shape == (2, 5)


def test_a_bundle_whose_network_does_not_load_is_refused(tmp_path):
    with pytest.raises(BundleError, match="does not load"):
        load_recogniser(written(BundleKind.EMOTION_NETWORK, tmp_path))


@pytest.mark.parametrize("temperature", [float("nan"), 0.0, -1.0])
@pytest.mark.parametrize("kind", sorted(RECOGNISERS))
def test_a_calibration_without_sense_never_gets_that_far(kind, temperature, tmp_path):
    make, file = CARDS[kind]
    card = make(calibration={"temperature": temperature, "abstain_below": 0.3})
    write_bundle(tmp_path, card, {file: b"weights"})
    with pytest.raises(BundleError, match="number"):
        open_bundle(tmp_path)
