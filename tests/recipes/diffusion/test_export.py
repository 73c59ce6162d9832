"""The bundle says what the torch networks say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")
pytest.importorskip("onnxscript", reason="the export needs onnxscript")

from recipes.diffusion.conditions import COUNT, condition_names  # noqa: E402
from recipes.diffusion.inherited import REST, inherit, rest_of  # noqa: E402
from recipes.diffusion.networks import Decoder, Denoiser, Encoder  # noqa: E402

from moodprint.bundle import open_bundle, write_bundle  # noqa: E402
from moodprint.generation.diffusion.network import Guide, load_network  # noqa: E402
from recipes.diffusion import export  # noqa: E402


def _scaling() -> dict[str, np.ndarray]:
    quantiles = np.linspace(-2, 2, len(export.QUANTILES))[:, None].repeat(COUNT, 1)
    return {
        "scale": np.array(0.5),
        "mean": np.zeros(COUNT),
        "deviation": np.ones(COUNT),
        "quantiles": quantiles,
    }


def test_conditions_have_as_many_names_as_the_network_takes():
    names = condition_names()
    assert len(set(names)) == len(names) == COUNT


@pytest.mark.long
def test_exported_networks_answer_alike(tmp_path: Path):
    torch.manual_seed(1)
    encoder, decoder, denoiser = Encoder(8).eval(), Decoder(8).eval(), Denoiser((8, 8, 16), 16)
    for parameter in denoiser.eval().parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    files = export.graphs(encoder, decoder, denoiser)
    write_bundle(tmp_path, export.card_of("tiny", _scaling(), {}), files)
    network = load_network(tmp_path, threads=1)
    rng = np.random.default_rng(1)
    window = rng.standard_normal((8, 64, 16), np.float32)
    values, other, known = rng.standard_normal((3, COUNT), np.float32)
    known = (known > 0).astype(np.float32)
    found = network.velocities([window] * 2, 0.3, [Guide(values, known), Guide(other, known)])
    assert not np.allclose(*found), "the values count, not only which are known"
    with torch.inference_mode():
        inputs = (torch.from_numpy(each)[None] for each in (window, values, known))
        noisy, conditions, counted = inputs
        expected = denoiser(noisy, torch.tensor([0.3]), conditions, counted)[0]
        drawn = decoder(torch.from_numpy(window[None, :, :60]) / 0.5)[0, 0]
    np.testing.assert_allclose(found[0], expected, atol=0.02)
    decibels = (drawn.clamp(-1, 1) + 1) * 51 - 90
    np.testing.assert_allclose(network.decoded(window[:, :60]), decibels, atol=0.1)


@pytest.mark.long
def test_a_training_goes_on_from_a_bundle(tmp_path: Path):
    torch.manual_seed(2)
    encoder, decoder, denoiser = Encoder(8).eval(), Decoder(8).eval(), Denoiser((8, 8, 16), 16)
    networks = {"encoder.onnx": encoder, "decoder.onnx": decoder, "denoiser.onnx": denoiser.eval()}
    for network in networks.values():
        for parameter in network.parameters():
            torch.nn.init.normal_(parameter, std=0.1)
    files = export.graphs(encoder, decoder, denoiser)
    files[REST] = rest_of(networks, files)
    write_bundle(tmp_path, export.card_of("tiny", _scaling(), {}), files)
    assert len(files[REST]) < sum(map(len, files.values())) / 5
    again = {
        "encoder.onnx": Encoder(8),
        "decoder.onnx": Decoder(8),
        "denoiser.onnx": Denoiser((8, 8, 16), 16),
    }
    for file, network in again.items():
        inherit(network, file, open_bundle(tmp_path))
        for name, tensor in network.state_dict().items():
            np.testing.assert_allclose(tensor, networks[file].state_dict()[name], atol=1e-3)
