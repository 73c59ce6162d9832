"""What recipes/ear/export.py ships does what the heads do."""

from __future__ import annotations

import numpy as np
import pytest


def test_what_ships_says_what_the_heads_say(export, heads, load):
    """Heads on embedding, tags and scores are folded into weights on the embedding alone."""
    torch = pytest.importorskip("torch")
    table = load("table")
    torch.manual_seed(0)
    student = load("network").EmotionNetwork().eval()
    rng = np.random.default_rng(0)
    width = table.VOTERS[-1].stop
    made = heads.Heads(
        rng.normal(0, 0.1, (width, 5)),
        rng.normal(0, 1, 5),
        rng.normal(0, 0.01, (width, 2)),
        rng.normal(0, 0.1, 2),
    )
    mel_db = torch.from_numpy(rng.normal(-40, 10, (1, 320, 64)).astype(np.float32))
    with torch.inference_mode():
        embedding = student.embedding(mel_db)
        told = [embedding, student.tags(embedding) / table.LOGIT]
        told += [student.yamnet(embedding) / table.LOGIT]
        _, emotion, point, shipped = export.Shipped(student, made).eval()(mel_db)
    features = torch.cat(told, dim=2)[0].numpy()
    sound = np.zeros((len(features), width - features.shape[1]), np.float32)
    features = np.concatenate([features, sound], axis=1)
    np.testing.assert_allclose(emotion[0].numpy(), made.logits(features), atol=1e-3)
    raw = features @ made.point + made.point_bias
    np.testing.assert_allclose(point[0].numpy(), raw, atol=1e-3)
    np.testing.assert_array_equal(shipped, embedding)
