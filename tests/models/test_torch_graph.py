import numpy as np
import pytest

from moodprint.bundle import open_bundle
from moodprint.errors import BundleError

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
onnx = pytest.importorskip("onnx", reason="the extra study is not installed")
onnxruntime = pytest.importorskip("onnxruntime")

from moodprint.models.torch_graph import TaughtTail  # noqa: E402

FRAMES = np.random.default_rng(0).uniform(-90, -10, size=(1, 640, 64)).astype(np.float32)


@pytest.fixture(scope="module")
def content():
    return open_bundle("ear").read("ear.onnx")


def _run(content):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {"log_mel": FRAMES}), strict=True))


@pytest.mark.parametrize("output", ["presence", "emotion", "valence_arousal", "embedding"])
def test_torch_says_what_onnxruntime_says(content, output):
    told = TaughtTail(content, output, 1)(torch.from_numpy(FRAMES)).detach().numpy()
    np.testing.assert_allclose(told, _run(content)[output], rtol=1e-3, atol=1e-3)


def test_a_batch_is_told_as_one_by_one(content):
    tail = TaughtTail(content, "emotion", 1)
    batch = torch.from_numpy(np.concatenate([FRAMES, FRAMES[:, ::-1]]))
    with torch.no_grad():
        each = torch.cat([tail(batch[:1]), tail(batch[1:])])
        torch.testing.assert_close(tail(batch), each, rtol=1e-4, atol=1e-4)


def test_what_was_learned_is_put_back_beside_what_was_there(content):
    tail = TaughtTail(content, "emotion", 7)
    with torch.no_grad():
        for weight in tail.parameters():
            if weight.requires_grad:
                weight *= 1.05
    before, after = _run(content), _run(tail.serialized())
    expected = tail(torch.from_numpy(FRAMES)).detach().numpy()
    np.testing.assert_allclose(after["emotion"], expected, rtol=1e-3, atol=1e-3)
    assert not np.allclose(after["emotion"], before["emotion"], atol=0.01)
    for name in ("presence", "valence_arousal", "embedding"):
        np.testing.assert_array_equal(after[name], before[name])


def test_what_was_taught_can_be_taught_again(content):
    once = TaughtTail(content, "emotion", 1).serialized()
    twice = TaughtTail(once, "emotion", 1).serialized()
    np.testing.assert_array_equal(_run(twice)["emotion"], _run(content)["emotion"])
    assert len(twice) < 1.01 * len(once)


def test_only_the_last_layers_learn(content):
    few, more = (TaughtTail(content, "emotion", layers) for layers in (1, 7))
    learning = [[p.numel() for p in t.parameters() if p.requires_grad] for t in (few, more)]
    assert len(learning[0]) == 2 * 1 + 2  # the last convolution, and the head
    assert len(learning[1]) == 2 * 7 + 2
    few.forget()
    assert not few(torch.from_numpy(FRAMES)).any()


def test_what_cannot_be_taught_is_told(content):
    with pytest.raises(BundleError, match="output 'smell' is not known"):
        TaughtTail(content, "smell", 1)
    with pytest.raises(BundleError, match="no ONNX file"):
        TaughtTail(b"broken", "emotion", 1)
    strange = onnx.load_model_from_string(content)
    strange.graph.node[-1].op_type = "Tanh"
    with pytest.raises(BundleError, match="operators Tanh"):
        TaughtTail(strange.SerializeToString(), "valence_arousal", 1)
