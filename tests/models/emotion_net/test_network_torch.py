"""The torch module of the emotion network says what the ONNX file that ships says."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moodprint.audio.decode import decode
from moodprint.bundle import open_bundle, write_bundle
from moodprint.errors import BundleError, MissingExtraError
from moodprint.models.emotion_net.card import TORCH_WEIGHTS, WEIGHTS
from moodprint.models.emotion_net.network_onnx import EmotionNetwork

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
onnx = pytest.importorskip("onnx", reason="the extra deep is not installed")
onnxruntime = pytest.importorskip("onnxruntime")

from moodprint.models.emotion_net import network_torch  # noqa: E402
from moodprint.models.emotion_net.network_torch import (  # noqa: E402
    EmotionBackbone,
    EmotionNetworkModule,
    fold_batch_norms,
)

OUTPUTS = ("presence", "emotion", "valence_arousal", "embedding")
EXAMPLES = Path(__file__).parents[3] / "examples"
FRAMES = np.random.default_rng(0).uniform(-90, -10, size=(1, 640, 64)).astype(np.float32)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Such small batches are not worth two threads, which wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def network():
    return EmotionNetworkModule.of(open_bundle("ear"))


def by_onnx(content, frames=FRAMES):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return dict(zip(OUTPUTS, session.run(None, {"log_mel": frames}), strict=True))


def by_torch(network, frames=FRAMES):
    with torch.inference_mode():
        outputs = network(torch.from_numpy(frames))
    return {name: each.numpy() for name, each in zip(OUTPUTS, outputs, strict=True)}


@pytest.mark.parametrize("name", ["song.mp3", "film.mp4"])
def test_torch_says_of_the_examples_what_onnxruntime_says(network, name):
    log_mel = EmotionNetwork(open_bundle("ear")).log_mel
    samples = decode(EXAMPLES / name, sample_rate_hz=16_000, mono=True, stop_s=20.0).mono
    frames = log_mel.of(samples)[None, :640]
    found, expected = by_torch(network, frames), by_onnx(open_bundle("ear").read(WEIGHTS), frames)
    for output in OUTPUTS:
        np.testing.assert_allclose(found[output], expected[output], rtol=0, atol=1e-4)


def test_both_files_of_the_bundle_hold_the_same_numbers(network):
    """To the bit, so that what is not fine-tuned is exported as it was."""
    graph = onnx.load_model_from_string(open_bundle("ear").read(WEIGHTS)).graph
    stored = [onnx.numpy_helper.to_array(each) for each in graph.initializer]
    own = [value.numpy() for value in network.state_dict().values()]
    by_bytes = {each.tobytes() for each in stored} | {each.T.tobytes() for each in stored}
    assert len(own) == len(stored) == 42
    assert all(value.tobytes() in by_bytes for value in own)


def test_an_export_says_what_the_file_that_ships_says_to_the_bit(network):
    found, shipped = by_onnx(network.to_onnx()), by_onnx(open_bundle("ear").read(WEIGHTS))
    for output in OUTPUTS:
        np.testing.assert_array_equal(found[output], shipped[output])


def test_the_same_weights_give_the_same_bytes(network):
    other = EmotionNetworkModule.of(open_bundle("ear"))
    assert network.serialized() == other.serialized() == open_bundle("ear").read(TORCH_WEIGHTS)
    assert network.to_onnx() == other.to_onnx()


@pytest.mark.parametrize("frames", [32, 96, 1024])
def test_any_number_of_rows_is_heard(network, frames):
    mel_db = np.full((2, frames, 64), -40, np.float32)
    assert by_torch(network, mel_db)["emotion"].shape == (2, frames // 32, 5)


def test_a_batch_is_heard_as_one_by_one(network):
    batch = np.concatenate([FRAMES, FRAMES[:, ::-1]])
    each = [by_torch(network, part[None].copy()) for part in batch]
    for output, values in by_torch(network, batch).items():
        expected = np.concatenate([part[output] for part in each])
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-4)


def test_a_tail_for_emotions_changes_nothing_else(network):
    before, plain = by_torch(network), by_onnx(network.to_onnx())
    network.with_emotion_tail()
    for output, values in by_torch(network).items():
        np.testing.assert_array_equal(values, before[output])
    with torch.no_grad():
        for weight in network.emotion_tail.parameters():
            weight *= 1.05
    found, exported = by_torch(network), by_onnx(network.to_onnx())
    np.testing.assert_allclose(exported["emotion"], found["emotion"], atol=1e-4)
    assert not np.allclose(found["emotion"], before["emotion"], atol=0.01)
    for output in ("presence", "valence_arousal", "embedding"):
        np.testing.assert_array_equal(exported[output], plain[output])


def test_emotions_alone_are_those_of_the_whole(network):
    frames = torch.from_numpy(FRAMES)
    for each in (network, network.with_emotion_tail()):
        with torch.inference_mode():
            torch.testing.assert_close(each.emotions(frames), each(frames)[1])


def test_a_tail_is_kept_in_a_bundle(network, tmp_path):
    network.with_emotion_tail()
    with torch.no_grad():
        network.emotion_tail[-1][0].bias += 1
    write_bundle(
        tmp_path, open_bundle("ear").fields, {WEIGHTS: b"", TORCH_WEIGHTS: network.serialized()}
    )
    again = EmotionNetworkModule.of(open_bundle(tmp_path))
    for output, values in by_torch(again).items():
        np.testing.assert_array_equal(values, by_torch(network)[output])


def test_batch_norms_go_into_their_convolutions():
    torch.manual_seed(0)
    trained = EmotionBackbone(batch_norm=True).train()
    with torch.no_grad():
        for _ in range(3):  # running means and variances of their own
            trained.embedding(torch.randn(4, 64, 64) * 20 - 50)
        expected = trained.eval().embedding(torch.from_numpy(FRAMES))
        fold_batch_norms(trained)
        folded = EmotionBackbone()
        folded.load_state_dict(trained.state_dict())
        torch.testing.assert_close(
            folded.embedding(torch.from_numpy(FRAMES)), expected, rtol=1e-4, atol=1e-4
        )
    assert not [each for each in trained.modules() if "BatchNorm" in type(each).__name__]


def test_a_bundle_without_weights_for_torch_says_so():
    bundle = open_bundle("ear")
    files = {name: sha for name, sha in bundle.card.files.items() if name != TORCH_WEIGHTS}
    old = replace(bundle, card=replace(bundle.card, files=files))
    with pytest.raises(BundleError, match=r"cannot be fine-tuned, for it has no ear\.safetensors"):
        EmotionNetworkModule.of(old)


@pytest.mark.parametrize("change", ["broken", "another network"])
def test_weights_that_do_not_fit_are_told(network, tmp_path, change):
    from safetensors.torch import save

    state = network.state_dict()
    state["embed.0.weight"] = state["embed.0.weight"][:7].contiguous()
    content = save(state) if change == "another network" else b"no tensors"
    write_bundle(tmp_path, open_bundle("ear").fields, {WEIGHTS: b"", TORCH_WEIGHTS: content})
    with pytest.raises(BundleError, match=r"ear\.safetensors does not load"):
        EmotionNetworkModule.of(open_bundle(tmp_path))


def test_seven_convolutions_are_the_tail(network):
    convolutions = [each for each in network.tail().modules() if "Conv" in type(each).__name__]
    assert len(convolutions) == 7
    assert open_bundle("ear").card.frames_per_row == network_torch.FRAMES_PER_ROW


@pytest.mark.parametrize("frames", [32, 96, 1024])
def test_an_export_takes_any_number_of_rows(network, frames):
    mel_db = np.random.default_rng(1).uniform(-80, -20, (1, frames, 64)).astype(np.float32)
    found, expected = by_onnx(network.to_onnx(), mel_db), by_torch(network, mel_db)
    for output in OUTPUTS:
        assert found[output].shape[1] == frames // 32
        np.testing.assert_allclose(found[output], expected[output], rtol=1e-4, atol=1e-4)


def test_exporting_leaves_the_network_as_it_was(network):
    network.train().requires_grad_(False)
    before = network.serialized()
    network.to_onnx()
    assert network.training
    assert network.serialized() == before


def test_half_precision_would_change_what_is_not_taught(network):
    """Why the weights for torch are float32: docs/ear.md gives this figure."""
    before = by_torch(network)
    network.load_state_dict({n: v.half().float() for n, v in network.state_dict().items()})
    difference = np.abs(by_torch(network)["presence"] - before["presence"]).max()
    assert 0.001 < difference < 0.02


def test_a_row_knows_of_about_six_seconds(network):
    """A change of one frame moves the rows around it and none that is farther than 3.5 s."""
    mel_db = np.full((1, 40 * 32, 64), -40, np.float32)
    changed = mel_db.copy()
    changed[0, 20 * 32] = 0
    moved = np.abs(by_torch(network, changed)["embedding"] - by_torch(network, mel_db)["embedding"])
    rows = np.flatnonzero(moved[0].max(axis=1) > 1e-5)
    assert 20 in rows
    assert 20 - 7 <= rows.min() < rows.max() <= 20 + 7


@pytest.mark.parametrize(
    ("package", "use"),
    [
        ("safetensors.torch", lambda network: type(network).of(open_bundle("ear"))),
        ("onnx", lambda network: network.to_onnx()),
    ],
)
def test_a_package_that_is_missing_is_named(network, monkeypatch, package, use):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"{package.split('.')[0]}.*deep"):
        use(network)


def test_a_bundle_of_another_kind_has_no_such_weights():
    with pytest.raises(BundleError, match="cannot be fine-tuned"):
        EmotionNetworkModule.of(open_bundle("musicnn"))
