import json

import numpy as np
import pytest

from moodprint.bundle import open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.models.emotion_net.card import WEIGHTS
from moodprint.models.emotion_net.handcrafted import MEASURES
from moodprint.models.emotion_net.handcrafted_head import SOUND, HandcraftedHead
from moodprint.models.emotion_net.network_onnx import EmotionNetwork

RATE = 16_000
SAMPLES = (0.1 * np.random.default_rng(2).standard_normal(100 * RATE)).astype(np.float32)


def head(value: float = 0.0) -> HandcraftedHead:
    emotion = np.zeros((MEASURES, 5), np.float32)
    emotion[-4, 3] = value
    return HandcraftedHead(emotion, np.full((MEASURES, 2), value / 1000, np.float32))


def bundle_with(folder, sound: bytes | None):
    shipped = open_bundle()
    files = {WEIGHTS: shipped.read(WEIGHTS)} | ({} if sound is None else {SOUND: sound})
    write_bundle(folder, shipped.fields, files)
    return open_bundle(folder)


def test_what_is_written_is_read(tmp_path):
    again = HandcraftedHead.of(bundle_with(tmp_path, head(0.25).serialized()))
    np.testing.assert_array_equal(again.emotion, head(0.25).emotion)
    np.testing.assert_array_equal(again.valence_arousal, head(0.25).valence_arousal)


def test_a_bundle_without_one_is_heard_by_its_network_alone(tmp_path):
    bundle = bundle_with(tmp_path / "a", None)
    assert HandcraftedHead.of(bundle) is None
    nothing = EmotionNetwork(bundle_with(tmp_path / "b", head().serialized())).infer(
        [SAMPLES[:RATE]]
    )
    np.testing.assert_array_equal(
        EmotionNetwork(bundle).infer([SAMPLES[:RATE]]).emotion, nothing.emotion
    )


def test_it_is_added_to_what_the_network_tells(tmp_path):
    plain = EmotionNetwork(bundle_with(tmp_path / "a", None)).infer([SAMPLES])
    added = EmotionNetwork(bundle_with(tmp_path / "b", head(2.0).serialized())).infer([SAMPLES])
    difference = added.emotion - plain.emotion
    assert not difference[:, [0, 1, 2, 4]].any()
    assert difference[:, 3].std() > 0
    np.testing.assert_array_equal(added.embedding, plain.embedding)


@pytest.mark.parametrize("block_s", [0.013, 7.3])
def test_what_is_added_does_not_depend_on_the_blocks(tmp_path, block_s):
    ear = EmotionNetwork(bundle_with(tmp_path, head(2.0).serialized()))
    size = int(block_s * RATE)
    blocks = (SAMPLES[at : at + size] for at in range(0, len(SAMPLES), size))
    once, in_blocks = ear.infer([SAMPLES]), ear.infer(blocks)
    np.testing.assert_allclose(in_blocks.emotion, once.emotion, atol=1e-3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"emotion": 1, "valence_arousal": 2}',
        json.dumps({"emotion": [[0] * 5] * 3, "valence_arousal": [[0] * 2] * 3}).encode(),
        json.dumps(
            {"emotion": [[float("nan")] * 5] * MEASURES, "valence_arousal": [[0] * 2] * MEASURES}
        ).encode(),
    ],
)
def test_broken_heads_are_refused(tmp_path, content):
    with pytest.raises(BundleError, match=r"sound\.json"):
        HandcraftedHead.of(bundle_with(tmp_path, content))
