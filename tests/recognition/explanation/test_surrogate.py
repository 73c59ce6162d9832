import hashlib
import json

import numpy as np
import pytest
from cards import emotion_network_card

from moodprint.bundle import BundleKind, open_bundle, shipped_bundles, write_bundle
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError
from moodprint.recognition.explanation.cues.measure import Cues
from moodprint.recognition.explanation.cues.table import CUES
from moodprint.recognition.explanation.surrogate import FILE, FURTHEST, Surrogate

NETWORK = b"network"


def fields():
    """All cues without effect, but tempo: an octave over 100 bpm is 1 for angry, -1 for sad."""
    flat = dict.fromkeys(EMOTIONS, 0.0)
    cues = {name: {"mean": 0.0, "deviation": 1.0, "slope": flat, "bend": flat} for name in CUES}
    cues["tempo"] = {
        "mean": float(np.log2(100)),
        "deviation": 1.0,
        "slope": {**flat, "angry": 1.0, "sad": -1.0},
        "bend": {**flat, "fear": 0.5},
    }
    return {
        "explains": {"sha256": hashlib.sha256(NETWORK).hexdigest()},
        "agreement": {"held_out_groups": {"value": 0.6}},
        "intercept": {**flat, "calm": 0.2},
        "cues": cues,
    }


@pytest.fixture
def bundle(tmp_path):
    """Writes an ear's bundle with what is given beside it."""

    def write(content):
        write_bundle(tmp_path / "ear", emotion_network_card(), {"ear.onnx": NETWORK})
        if content is not None:
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / "ear" / FILE).write_text(text)
        return open_bundle(tmp_path / "ear")

    return write


def told(tempo):
    return Cues(None, dict.fromkeys(CUES, 0.0) | {"tempo": tempo})


def test_effects_are_slope_and_bend_of_the_deviation(bundle):
    surrogate = Surrogate.of(bundle(fields()))
    effects = surrogate.logits(told(200.0))
    assert effects.shape == (len(CUES), len(EMOTIONS))
    assert effects[0] == pytest.approx([1, 0, 0, 0, -1])
    assert surrogate.logits(told(400.0))[0] == pytest.approx([2, 0, 1.5, 0, -2])
    assert not effects[1:].any()
    assert surrogate.intercept == pytest.approx([0, 0.2, 0, 0, 0])
    assert surrogate.agreement == 0.6


def test_what_cannot_be_told_pushes_nothing(bundle):
    surrogate = Surrogate.of(bundle(fields()))
    assert not surrogate.logits(told(None)).any()
    assert surrogate.effects[0].place(None) == 0.0


def test_deviations_count_up_to_a_limit(bundle):
    surrogate = Surrogate.of(bundle(fields()))
    assert surrogate.effects[0].place(1e9) == FURTHEST
    assert surrogate.effects[0].place(1e-9) == -FURTHEST


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (None, "toy-3 cannot explain itself"),
        ("no json", "cannot be used"),
        ("[]", "cannot be used"),
        ({**fields(), "cues": {}}, "its cues are"),
        ({**fields(), "intercept": {"angry": 0}}, "'calm'"),
        ({**fields(), "explains": {"sha256": "0" * 64}}, "fitted to another network"),
    ],
)
def test_what_does_not_explain_the_ear_is_refused(bundle, broken, why):
    with pytest.raises(BundleError, match=why):
        Surrogate.of(bundle(broken))


def test_a_deviation_of_nothing_is_refused(bundle):
    content = fields()
    content["cues"]["mode"]["deviation"] = 0.0
    with pytest.raises(BundleError, match="deviation of mode"):
        Surrogate.of(bundle(content))


@pytest.mark.parametrize("name", sorted(shipped_bundles()))
def test_each_ear_that_ships_can_explain_itself(name):
    """Fails for a new ear until recipes/ear/explain.py has been run for it."""
    opened = open_bundle(name)
    if opened.kind is not BundleKind.EMOTION_NETWORK:
        pytest.skip("recognises no emotions")
    surrogate = Surrogate.of(opened)
    card = json.loads(opened.beside(FILE))
    assert surrogate.agreement > card["agreement"]["commonest_emotion_alone"] + 0.1
    assert card["licence"]
    assert card["data"]
