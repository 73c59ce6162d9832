"""Each network that can be fine-tuned keeps the same promises: one case a kind."""

import json

import numpy as np
import pytest
from tiny_speech import save_tiny_speech

from moodprint.bundle import shipped_bundles, write_bundle
from moodprint.errors import BundleError, MissingWeightsError, OptionError
from moodprint.fine_tuning.backbone import Backbone
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.registry import BACKBONES, backbone_class, checkpoint_kind

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
pytest.importorskip("transformers", reason="the extra deep is not installed")

LABELS = ("calm", "angry")
TINY = {"hubert": "Hubert", "wav2vec2": "Wav2Vec2"}
"""Kinds of which a tiny checkpoint is made; of the others one ships."""


@pytest.fixture(scope="module", params=BACKBONES)
def options(request, tmp_path_factory):
    if request.param not in TINY:
        shipped = [name for name in shipped_bundles() if checkpoint_kind(name) == request.param]
        return FineTuningOptions(shipped[0], longest_s=1.0)
    folder = tmp_path_factory.mktemp(request.param)
    save_tiny_speech(folder, TINY[request.param], num_hidden_layers=1)
    return FineTuningOptions(str(folder), longest_s=1.0)


@pytest.fixture(scope="module")
def backbone(options):
    return backbone_class(options.checkpoint)(options, LABELS)


@pytest.fixture(scope="module")
def clips(tones):
    return tones([0.5, 1.5])


def test_it_is_a_backbone_with_a_rate_and_a_name_for_its_weights(backbone, options):
    assert isinstance(backbone, Backbone)
    assert 0 < backbone.learning_rate < 1
    again = backbone_class(options.checkpoint)(options, LABELS)
    assert backbone.fingerprint == again.fingerprint != ""


def test_some_of_it_learns_and_some_stays(backbone):
    learns = {parameter.requires_grad for parameter in backbone.network.parameters()}
    assert learns == {True, False}


def test_its_logits_have_a_row_a_clip_a_column_a_label_and_a_gradient(backbone, clips):
    backbone.network.train()
    logits = backbone.logits(clips, [0.0, 1.0])
    assert logits.shape == (2, 2)
    assert logits.requires_grad


def test_what_is_saved_scores_clips_the_same_each_time(backbone, options, clips, tmp_path):
    backbone.save(tmp_path / "saved")
    kind = type(backbone)
    scores = kind.scores(tmp_path / "saved", clips, options, LABELS)
    assert scores.shape == (2, 2)
    assert scores.dtype == np.float64
    np.testing.assert_array_equal(kind.scores(tmp_path / "saved", clips, options, LABELS), scores)
    kind.sign(tmp_path / "saved", {"version": "1", "calibration": _CALIBRATION})
    np.testing.assert_array_equal(kind.scores(tmp_path / "saved", clips, options, LABELS), scores)


_CALIBRATION = {"temperature": 1.0, "abstain_below": 0.0}


def test_a_kind_is_told_from_the_card_or_from_the_config(tmp_path):
    assert checkpoint_kind("ear") == "emotion-network"
    assert checkpoint_kind(str(shipped_bundles()["ear"])) == "emotion-network"
    save_tiny_speech(tmp_path, "Wav2Vec2", num_hidden_layers=1)
    assert checkpoint_kind(str(tmp_path)) == "wav2vec2"


def test_a_network_of_another_kind_lists_those_that_can_be_fine_tuned(tmp_path):
    with pytest.raises(OptionError, match="fine-tuned is called 'note-generator'; known: em"):
        backbone_class("band")
    save_tiny_speech(tmp_path, "Hubert", num_hidden_layers=1)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "model_type": "whisper"}))
    with pytest.raises(OptionError, match="is called 'whisper'"):
        backbone_class(str(tmp_path))


def test_a_broken_checkpoint_is_told(tmp_path):
    with pytest.raises(MissingWeightsError, match="hf download nobody/has-this"):
        backbone_class("nobody/has-this")
    save_tiny_speech(tmp_path, "Hubert", num_hidden_layers=1)
    for content in ("{", "[]", "{}"):
        (tmp_path / "config.json").write_text(content)
        with pytest.raises(MissingWeightsError, match="names no model_type"):
            backbone_class(str(tmp_path))
    write_bundle(tmp_path / "bundle", {"name": "x"}, {})
    with pytest.raises(BundleError):
        backbone_class(str(tmp_path / "bundle"))
