import literal_generator
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the network is torch's")

from torch.nn import functional  # noqa: E402

from moodprint.generation.note_generator.architecture import feature_counts  # noqa: E402
from moodprint.generation.note_generator.network_torch import (  # noqa: E402
    GeneratorNetwork,
    PixelConv,
    ScaledConv,
    UpsamplingConv,
    enlarged,
    grown_blocks,
    pixel_norm,
)

PITCHES = torch.tensor([0, 36, 60])
SMALL = feature_counts(7, 1024, 8)


@pytest.fixture(autouse=True)
def _one_seed() -> None:
    torch.manual_seed(0)


def _generator(guided: bool = False) -> GeneratorNetwork:
    network = GeneratorNetwork(SMALL, guided)
    for parameter in network.parameters():
        if parameter.ndim == 1:
            torch.nn.init.normal_(parameter, std=0.3)
    return network


@torch.no_grad()
def test_the_network_is_the_described_one() -> None:
    network, latent = _generator(), torch.randn(3, 256)
    place = "Generator/progressive_gan_generator/progressive_gan_block_"
    variables = {}
    for number, block in enumerate(network.blocks, start=1):
        for part in ("conv0", "conv1", "to_rgb"):
            conv = getattr(block, part)
            variables[f"{place}{number}/{part}/conv2d/kernel"] = conv.weight.permute(2, 3, 1, 0)
            variables[f"{place}{number}/{part}/bias"] = conv.bias
    literal = literal_generator.normalized_output(
        {name: value.numpy() for name, value in variables.items()},
        latent.numpy(),
        PITCHES.numpy() + 24,
    )
    ours = network(latent, PITCHES, 7.0).permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(ours, literal, atol=5e-4)


@torch.no_grad()
@pytest.mark.parametrize("shape", [(1, 1), (2, 16), (5, 3)])
def test_an_upsampling_convolution_is_repeated_pixels_convolved(shape: tuple[int, int]) -> None:
    conv, x = UpsamplingConv(6, 4), torch.randn(2, 6, *shape)
    torch.nn.init.normal_(conv.bias)
    plain = functional.conv2d(enlarged(x, 2), conv.kernel, conv.bias, padding=1)
    torch.testing.assert_close(conv(x), plain, atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_pixel_is_convolved_as_with_zeros_all_around() -> None:
    conv, x = PixelConv(5, 3), torch.randn(2, 5, 1, 1)
    torch.nn.init.normal_(conv.bias)
    padded = functional.pad(x, (15, 15, 1, 1))
    plain = functional.conv2d(padded, conv.kernel, conv.bias)
    assert plain.shape == (2, 3, 2, 16)
    torch.testing.assert_close(conv(x), plain, atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_scaled_convolution_keeps_the_variance_of_what_passes() -> None:
    conv, x = ScaledConv(64, 64, 3, gain=1.0), torch.randn(4, 64, 16, 16)
    assert conv.weight.std().item() == pytest.approx(1, rel=0.02)
    inner = conv(x)[:, :, 1:-1, 1:-1]  # away from the zeros of the margin
    assert inner.std().item() == pytest.approx(1, rel=0.05)


def test_slopes_reach_the_weights_of_every_layer() -> None:
    network = GeneratorNetwork(SMALL, guided=True)
    network(torch.randn(2, 256), PITCHES[:2], 7.0).square().sum().backward()
    resting = {name for name, p in network.named_parameters() if p.grad is None}
    assert resting == {f"blocks.{n}.to_rgb.{kind}" for n in range(6) for kind in ("weight", "bias")}
    assert all(p.grad.abs().sum() > 0 for p in network.parameters() if p.grad is not None)


@pytest.mark.parametrize(
    ("progress", "rows"), [(1.0, 2), (1.3, 4), (2.0, 4), (6.5, 128), (7.0, 128)]
)
@torch.no_grad()
def test_resolution_grows_with_progress(progress: float, rows: int) -> None:
    image = _generator()(torch.randn(3, 256), PITCHES, progress)
    assert image.shape == (3, 2, rows, rows * 8)
    assert image.abs().max() <= 1


@torch.no_grad()
def test_a_new_block_fades_in_without_a_jump() -> None:
    generator, latent = _generator(), torch.randn(3, 256)
    before, after = generator(latent, PITCHES, 2.0), generator(latent, PITCHES, 2.0001)
    assert (enlarged(before, 2) - after).abs().max() < 1e-3


def test_progress_is_blocks_and_a_share() -> None:
    assert grown_blocks(1.0, 7) == (1, 1.0)
    assert grown_blocks(2.25, 7) == (3, 0.25)
    assert grown_blocks(0.0, 7) == (1, 1.0)
    assert grown_blocks(9.0, 7) == (7, 1.0)


def test_pixel_norm_brings_features_to_unit_mean_square() -> None:
    normed = pixel_norm(torch.randn(2, 8, 3, 3) * 50)
    assert torch.allclose(normed.square().mean(1), torch.ones(2, 3, 3), atol=1e-4)
    assert torch.isfinite(pixel_norm(torch.zeros(1, 4))).all()


def test_the_full_network_has_the_papers_size() -> None:
    network = GeneratorNetwork(feature_counts())
    assert [block.conv1.bias.numel() for block in network.blocks] == list(feature_counts())
    assert network.parameter_count == sum(p.numel() for p in network.parameters()) == 7_311_246


@torch.no_grad()
@pytest.mark.parametrize("guided", [False, True])
def test_a_window_is_a_part_of_the_whole(guided: bool) -> None:
    network, latent = GeneratorNetwork(SMALL, guided), torch.randn(2, 256)
    whole = network(latent, PITCHES[:2], 7.0)
    for first, frames in ((0, 16), (37, 5), (112, 16), (0, 128), (127, 1)):
        part = network.window(latent, PITCHES[:2], first, frames)
        torch.testing.assert_close(part, whole[:, :, first : first + frames], atol=1e-5, rtol=0)


@torch.no_grad()
@pytest.mark.parametrize("blocks", [1, 3, 7])
@pytest.mark.parametrize("frames", [1, 17, 128])
def test_a_beginning_is_that_of_the_whole_at_full_size(blocks: int, frames: int) -> None:
    network, latent = GeneratorNetwork(SMALL[:blocks]), torch.randn(2, 256)
    whole = enlarged(network(latent, PITCHES[:2], float(blocks)), 2 ** (7 - blocks))
    part = network.beginning(latent, PITCHES[:2], frames)
    torch.testing.assert_close(part, whole[:, :, :frames], atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_guided_generator_is_in_tune_before_it_has_learned() -> None:
    network = GeneratorNetwork(SMALL, guided=True)
    network.blocks[-1].to_rgb.weight.zero_()
    steps = network(torch.randn(2, 256), torch.tensor([45, 45]), 7.0)[:, 1]
    guide = torch.tanh(network.planes[45, 0]).expand(2, 128, -1)
    torch.testing.assert_close(steps, guide)


def test_the_places_of_partials_are_no_part_of_what_is_stored() -> None:
    assert "planes" not in GeneratorNetwork(SMALL, guided=True).state_dict()
