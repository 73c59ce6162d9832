"""A student that begins with shipped weights, as recipes/ear/inherited.py makes it."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear.inherited import inherit, set_by_ridge  # noqa: E402
from recipes.ear.student import Student  # noqa: E402

from moodprint.models.emotion_net.network_torch import (  # noqa: E402
    EmotionNetworkModule,
    fold_batch_norms,
)


@pytest.fixture(scope="module")
def shipped():
    torch.manual_seed(0)
    return EmotionNetworkModule().eval()


@pytest.fixture(scope="module")
def mel_db():
    return torch.randn(3, 320, 64, generator=torch.Generator().manual_seed(1)) * 10 - 40


@pytest.fixture(scope="module")
def student(shipped, mel_db):
    network = Student(yamnet_components=8)
    inherit(network, shipped, mel_db)
    return network


@torch.inference_mode()
def test_the_student_says_what_the_network_says(student, shipped, mel_db):
    presence, _, _, embedding = shipped(mel_db)
    outputs = student(mel_db)
    torch.testing.assert_close(outputs.embedding, embedding, rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(outputs.presence, presence, rtol=1e-3, atol=1e-5)


@torch.inference_mode()
def test_batch_norms_know_what_passes_them(student, mel_db):
    """So training, which takes each batch's own mean and variance, begins with the same."""
    evaluated = student.eval().embedding(mel_db)
    trained = student.train().embedding(mel_db)
    student.eval()
    assert (trained - evaluated).abs().max() < 0.05 * evaluated.abs().max()


def test_norms_fold_back_into_what_was_inherited(student, shipped):
    folded = Student(yamnet_components=8)
    folded.load_state_dict(student.state_dict())
    fold_batch_norms(folded.eval())
    wanted = shipped.state_dict()
    own = folded.state_dict()
    for name in ("picture.0.0.weight", "time.2.body.3.bias", "embed.0.weight", "presence.bias"):
        torch.testing.assert_close(own[name], wanted[name], rtol=1e-2, atol=1e-3)


def test_a_tail_that_was_fine_tuned_is_not_inherited(shipped, mel_db):
    torch.manual_seed(0)
    network = EmotionNetworkModule().eval().with_emotion_tail()
    student = Student(yamnet_components=8)
    inherit(student, network, mel_db)
    with torch.inference_mode():
        torch.testing.assert_close(
            student.embedding(mel_db), network(mel_db)[3], rtol=1e-3, atol=1e-5
        )


def test_a_layer_set_by_ridge_gives_what_is_linear():
    rng = np.random.default_rng(0)
    embedding = rng.normal(2, 1, (500, 6))
    target = embedding @ rng.normal(0, 1, (6, 3)) - 4
    layer = torch.nn.Linear(6, 3)
    set_by_ridge(layer, embedding, target)
    with torch.inference_mode():
        said = layer(torch.from_numpy(embedding.astype(np.float32))).numpy()
    np.testing.assert_allclose(said, target, atol=0.02)


def test_a_strong_ridge_leaves_the_mean():
    rng = np.random.default_rng(0)
    embedding, target = rng.normal(0, 1, (50, 2)), rng.normal(3, 1, (50, 1))
    layer = torch.nn.Linear(2, 1)
    set_by_ridge(layer, embedding, target, ridge=1e9)
    assert layer.bias.item() == pytest.approx(target.mean(), abs=1e-5)
    assert layer.weight.abs().max().item() < 1e-6
