"""The networks keep the shapes that the engine relies on."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the recipe needs torch")

from recipes.diffusion.conditions import COUNT  # noqa: E402
from recipes.diffusion.networks import Decoder, Denoiser, Encoder  # noqa: E402


@torch.inference_mode()
@pytest.mark.parametrize("frames", [64, 512])
def test_a_latent_is_an_eighth_as_high_and_wide(frames: int):
    latents = Encoder(width=8)(torch.randn(2, 1, frames, 128))
    assert latents.shape == (2, 8, frames // 8, 16)
    assert Decoder(width=8)(latents).shape == (2, 1, frames, 128)


def _awake(network):
    """Blocks begin as identities; random last layers make all that is given count."""
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network


@torch.inference_mode()
def test_conditions_count_only_where_known():
    torch.manual_seed(1)
    network = _awake(Denoiser((8, 16, 24), 16))
    noisy, time = torch.randn(1, 8, 8, 16), torch.tensor([0.5])
    one, other = torch.randn(2, 1, COUNT)
    unknown, known = torch.zeros(1, COUNT), torch.ones(1, COUNT)
    same = network(noisy, time, one, unknown), network(noisy, time, other, unknown)
    torch.testing.assert_close(*same)
    assert not torch.allclose(network(noisy, time, one, known), network(noisy, time, other, known))


@torch.inference_mode()
def test_the_denoiser_knows_the_time_and_the_height():
    torch.manual_seed(1)
    network = _awake(Denoiser((8, 16, 24), 16))
    rest = torch.zeros(1, COUNT), torch.zeros(1, COUNT)
    noisy = torch.randn(1, 8, 8, 16)
    early, late = (network(noisy, torch.tensor([at]), *rest) for at in (0.1, 0.9))
    assert early.shape == noisy.shape
    assert not torch.allclose(early, late)
    upside_down = network(noisy.flip(3), torch.tensor([0.1]), *rest).flip(3)
    assert not torch.allclose(early, upside_down)
