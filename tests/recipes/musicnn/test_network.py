"""The module of recipes/musicnn/network.py, on random weights of the real shapes."""

from __future__ import annotations

import numpy as np
import pytest
from musicnn_by_numpy import network, random_weights

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.musicnn.network import MusicnnModule, Scaling, StrongestBand  # noqa: E402

PATCHES = np.random.default_rng(1).uniform(0, 4, size=(2, 187, 96)).astype(np.float32)
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


@pytest.fixture(scope="module")
def weights():
    return random_weights()


@torch.inference_mode()
def test_the_module_says_what_numpy_says(weights):
    hidden, tags = MusicnnModule(weights)(torch.from_numpy(PATCHES))
    found = torch.cat([hidden, tags], dim=1).numpy()
    expected = [network(patch, weights) for patch in PATCHES]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


@torch.inference_mode()
def test_the_module_says_what_torchs_own_layers_say(weights):
    """Batch norm after the rectifier, the maximum over bands last: as it was trained."""
    expected = as_trained(torch.from_numpy(PATCHES[:1]), weights).numpy()
    found = torch.cat(MusicnnModule(weights)(torch.from_numpy(PATCHES[:1])), dim=1).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


@torch.inference_mode()
@pytest.mark.parametrize("number", range(5))
def test_filters_whose_scaling_falls_are_turned_around(weights, number):
    """Whatever the signs of the scaling, of every channel the largest scaled value is found."""
    layer = StrongestBand(weights, number)
    x = torch.from_numpy(PATCHES)[:, None]
    everywhere = torch.relu(layer.filters(x) * layer.sign[:, :, None])
    expected = (everywhere * layer.scaling.scale[..., None]).amax(dim=3) + layer.scaling.shift
    assert {-1.0, 1.0} == set(layer.sign.flatten().tolist())
    assert layer(x).shape == (2, len(layer.sign), 187)
    torch.testing.assert_close(layer(x), expected, rtol=1e-4, atol=1e-4)


def test_a_scaling_brings_the_trained_mean_to_beta(weights):
    mean, beta = (
        torch.from_numpy(weights[f"batch_normalization_9/{part}"])
        for part in ("moving_mean", "beta")
    )
    scaled = Scaling(weights, 9, (-1,))(mean)
    torch.testing.assert_close(scaled, beta, rtol=1e-4, atol=1e-5)


def as_trained(patch, arrays):
    """The network by torch's functions, layer for layer as the paper has it: [1, 250]."""
    weights = {name: torch.from_numpy(value) for name, value in arrays.items()}

    def name_of(kind, number):
        return f"{kind}_{number}" if number else kind

    def norm(x, number):
        parts = ("moving_mean", "moving_variance", "gamma", "beta")
        name = name_of("batch_normalization", number)
        given = (weights[f"{name}/{part}"] for part in parts)
        return torch.nn.functional.batch_norm(x, *given, eps=1e-3)

    def conv(x, number):
        name = name_of("conv2d", number)
        kernel = weights[f"{name}/kernel"].permute(3, 2, 0, 1)
        filtered = torch.nn.functional.conv2d(x, kernel, weights[f"{name}/bias"])
        return norm(torch.relu(filtered), number + 1)

    def padded(x, before, after):
        return torch.nn.functional.pad(x, (0, 0, before, after))

    def middle(x, number):
        return conv(padded(x.transpose(1, 2)[:, None], 3, 3), number)[..., 0]

    def dense(x, number):
        name = name_of("dense", number)
        return x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]

    x = norm(patch[:, None], 0)
    front = [conv(padded(x, 3, 3), 0), conv(padded(x, 3, 3), 1)]
    front += [conv(padded(x, (n - 1) // 2, n // 2), i) for i, n in ((2, 128), (3, 64), (4, 32))]
    pooled = torch.cat([part.amax(dim=3) for part in front], dim=1)
    first = middle(pooled, 5)
    second = middle(first, 6) + first
    third = middle(second, 7) + second
    layers = torch.cat([pooled, first, second, third], dim=1)
    flat = torch.stack([layers.amax(dim=2), layers.mean(dim=2)], dim=2).flatten(1)
    hidden = norm(torch.relu(dense(norm(flat, 9), 0)), 10)
    return torch.cat([hidden, dense(hidden, 1)], dim=1)
