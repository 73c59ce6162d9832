"""What recipes/ear/export.py ships does what the heads do."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.bundle import open_bundle, write_bundle
from moodprint.models.emotion_net.card import WEIGHTS
from moodprint.models.emotion_net.network_onnx import EmotionNetwork


@pytest.fixture(scope="module")
def table(load):
    return load("table")


@pytest.fixture(scope="module")
def fitted(heads, table):
    """Heads at random on all groups of features."""
    rng = np.random.default_rng(0)
    width = table.FEATURE_GROUPS[-1].stop
    return heads.Heads(
        rng.normal(0, 0.1, (width, 5)),
        rng.normal(0, 1, 5),
        rng.normal(0, 0.01, (width, 2)),
        rng.normal(0, 0.1, 2),
    )


@pytest.fixture(scope="module")
def student(load):
    """An untrained student whose batch norms have seen something."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    network = load("student").Student()
    with torch.no_grad():
        network.train()(torch.randn(4, 320, 64) * 10 - 40)
    return network.eval()


def test_what_ships_says_what_the_heads_say(export, table, student, fitted):
    """Heads on all groups of features become weights on the embedding alone."""
    torch = pytest.importorskip("torch")
    mel_db = torch.from_numpy(np.random.default_rng(0).normal(-40, 10, (1, 320, 64)))
    mel_db = mel_db.float()
    with torch.inference_mode():
        outputs = student(mel_db)
        parts = [outputs.embedding, outputs.tags / table.LOGIT, outputs.yamnet / table.LOGIT]
        parts += [outputs.opinions]
        shipped = export.shipped_network(student, fitted)(mel_db)
    presence, emotion, point, embedding = shipped
    features = torch.cat(parts, dim=2)[0].numpy()
    missing = table.FEATURE_GROUPS[-1].stop - features.shape[1]
    features = np.pad(features, ((0, 0), (0, missing)))  # what is measured beside counts nothing
    np.testing.assert_allclose(emotion[0].numpy(), fitted.logits(features), atol=1e-3)
    raw = features @ fitted.point + fitted.point_bias
    np.testing.assert_allclose(point[0].numpy(), raw, atol=1e-3)
    torch.testing.assert_close(embedding, outputs.embedding, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(presence, outputs.presence, rtol=1e-3, atol=1e-3)


def test_shipping_leaves_the_student_as_it_was(export, student, fitted):
    before = {name: value.clone() for name, value in student.state_dict().items()}
    export.shipped_network(student, fitted)
    after = student.state_dict()
    assert list(after) == list(before)
    assert all(bool((after[name] == value).all()) for name, value in before.items())


def test_a_shipped_bundle_opens_for_analysis_and_for_fine_tuning(export, student, fitted, tmp_path):
    pytest.importorskip("onnx")
    network = export.shipped_network(student, fitted)
    card = {**open_bundle("ear").fields, "name": "new"}
    weights = {WEIGHTS: network.to_onnx(), "ear.safetensors": network.serialized()}
    write_bundle(tmp_path, card, weights)
    silence = [np.zeros(16_000, np.float32)]
    outputs = EmotionNetwork(open_bundle(tmp_path)).infer(silence)
    assert outputs.emotion.shape == (2, 5)
    again = type(network).of(open_bundle(tmp_path)).state_dict()
    assert all(bool((again[name] == value).all()) for name, value in network.state_dict().items())


def test_the_data_hash_is_of_the_sounds_whatever_their_order(export, example):
    one, other = example("4q", "music", -20), example("4q", "music", -30)
    assert export._hash_of([one, other]) == export._hash_of([other, one])
    assert export._hash_of([one]) != export._hash_of([other])
