"""The student is the network that ships, and a head for each thing that its teachers say."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.ear.student import Student, StudentOutputs  # noqa: E402

from moodprint.models.emotion_net.network_torch import (  # noqa: E402
    EmotionBackbone,
    EmotionNetworkModule,
    fold_batch_norms,
)


@torch.inference_mode()
def test_every_half_second_has_a_row_of_each_output():
    outputs = Student(yamnet_components=24).eval()(torch.randn(2, 5 * 32, 64))
    assert isinstance(outputs, StudentOutputs)
    widths = [part.shape for part in outputs]
    assert widths == [(2, 5, width) for width in (256, 3, 521, 50, 24, 200, 81)]


@torch.inference_mode()
def test_heads_stand_on_the_embedding():
    student, mel_db = Student().eval(), torch.randn(1, 64, 64)
    outputs = student(mel_db)
    torch.testing.assert_close(outputs.embedding, student.embedding(mel_db))
    torch.testing.assert_close(outputs.tags, student.tags(outputs.embedding))


def test_a_students_backbone_fits_the_network_that_ships():
    student = Student().eval()
    fold_batch_norms(student)
    shipped, backbone = EmotionNetworkModule().state_dict(), EmotionBackbone().state_dict()
    own = student.state_dict()
    assert {name: own[name].shape for name in backbone} == {n: v.shape for n, v in backbone.items()}
    assert set(shipped) - set(own) == {
        f"{head}.{part}" for head in ("emotion", "valence_arousal") for part in ("weight", "bias")
    }
