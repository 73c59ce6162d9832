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
    assert (recogniser.name, recogniser.sample_rate_hz, recogniser.row_s) == ("ear-3", 16_000, 0.5)
    assert recogniser.infer([]).emotion.shape == (1, 5)


@pytest.mark.parametrize("kind", sorted(RECOGNISERS))
def test_what_recognises_emotions_is_calibrated(kind, tmp_path):
    assert calibration_of(written(kind, tmp_path)) == Calibration(**CALIBRATION)


@pytest.mark.parametrize("kind", sorted(set(BundleKind) - RECOGNISERS))
def test_what_recognises_no_emotions_is_refused_by_name(kind, tmp_path):
    with pytest.raises(BundleError, match=f"of kind {kind}, which recognises no emotions; emotion"):
        load_recogniser(written(kind, tmp_path))
