"""Tiny networks with random weights, saved in the real format, stand for the large ones."""

import numpy as np
import pytest
from tiny_speech import KINDS, save_tiny_speech

from moodprint.clip import Clip
from moodprint.errors import MissingExtraError, MissingWeightsError, OptionError
from moodprint.features import speech_checkpoint
from moodprint.features.registry import feature_set


@pytest.fixture(scope="module", params=KINDS)
def checkpoint(request, tmp_path_factory):
    for package in ("torch", "transformers"):
        pytest.importorskip(package, reason="the extra deep is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    save_tiny_speech(folder, request.param)
    return request.param.lower(), folder


def _set(checkpoint, **options):
    name, folder = checkpoint
    return feature_set(name, {"checkpoint": str(folder), **options})


def test_values_are_the_pooled_layer(checkpoint, music):
    import torch
    from transformers import AutoModel

    clip = Clip(music[:16_000], 16_000)
    made = _set(checkpoint, layer=1, spread=True)
    made.check()
    levelled = (clip.mono - clip.mono.mean()) / np.sqrt(clip.mono.var() + 1e-7)
    with torch.no_grad():
        network = AutoModel.from_pretrained(checkpoint[1]).eval()
        states = network(torch.from_numpy(levelled[None]), output_hidden_states=True).hidden_states
    expected = states[1][0].numpy()
    values = made.extract(clip)
    np.testing.assert_allclose(values[:16], expected.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(values[16:], expected.std(axis=0), atol=1e-5)
    assert made.columns[0] == "layer1_0000.mean"
    assert made.columns[-1] == "layer1_0015.sd"


@pytest.mark.parametrize("count", [0, 3, 16_000])
def test_short_and_silent_clips_give_finite_values(checkpoint, count):
    values = _set(checkpoint).extract(Clip(np.zeros(count, np.float32), 16_000))
    assert values.shape == (16,)
    assert np.isfinite(values).all()


def test_a_long_clip_is_heard_in_pieces(checkpoint):
    noise = np.random.default_rng(0).normal(size=16_000 * 61).astype(np.float32) * 0.1
    whole = _set(checkpoint).extract(Clip(noise, 16_000))
    assert np.isfinite(whole).all()


def test_a_layer_that_does_not_exist_is_refused(checkpoint, music):
    with pytest.raises(OptionError, match="layers 0 to 2, not 7"):
        _set(checkpoint, layer=7).extract(Clip(music[:9000], 16_000))


def test_the_fingerprint_follows_the_weights_and_not_the_place(checkpoint, tmp_path):
    import shutil

    name, folder = checkpoint
    copy = shutil.copytree(folder, tmp_path / "copy")
    here = _set(checkpoint).fingerprint
    assert here == feature_set(name, {"checkpoint": str(copy)}).fingerprint
    assert here != _set(checkpoint, layer=0).fingerprint
    (tmp_path / "copy" / "config.json").write_text((copy / "config.json").read_text() + " ")
    speech_checkpoint.weights_hash.cache_clear()
    assert here != feature_set(name, {"checkpoint": str(copy)}).fingerprint


def test_a_missing_checkpoint_says_how_to_get_it(checkpoint, tmp_path):
    with pytest.raises(MissingWeightsError, match="hf download somebody/some-model"):
        feature_set("hubert", {"checkpoint": "somebody/some-model"}).check()
    with pytest.raises(MissingWeightsError, match=r"lacks config\.json and model\.safetensors"):
        feature_set("hubert", {"checkpoint": str(tmp_path)}).check()


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(speech_checkpoint, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[deep\]"):
        feature_set("wav2vec2").check()
