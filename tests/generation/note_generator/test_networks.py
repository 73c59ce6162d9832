from pathlib import Path

import literal_generator
import numpy as np
import pytest

from moodprint.generation.note_generator.bundle import save_bundle
from moodprint.generation.note_generator.generator import load_generator
from moodprint.generation.note_generator.weights import GeneratorWeights, Normalizer

torch = pytest.importorskip("torch", reason="training the networks needs torch")

from moodprint.generation.note_generator.networks import (  # noqa: E402
    DiscriminatorNetwork,
    GeneratorNetwork,
    enlarged,
    grown_blocks,
    pixel_norm,
    with_deviation,
)

PITCHES = torch.tensor([0, 36, 60])


@pytest.fixture(autouse=True)
def _one_seed() -> None:
    torch.manual_seed(0)


def _generator() -> GeneratorNetwork:
    network = GeneratorNetwork(base=1024, most=8)
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
def test_what_was_trained_is_what_the_graph_plays(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    network, latent = _generator(), torch.randn(2, 256)
    weights = GeneratorWeights(network.plain_blocks(7), Normalizer(0.5, 0.25, 2.0, 0.0))
    save_bundle(tmp_path, weights, name="small", source="", licence="")
    played = load_generator(tmp_path).melspecgram(latent.numpy(), np.array([24, 60]))
    out = network(latent, torch.tensor([0, 36]), 7.0).permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(played, (out - [0.25, 0.0]) / [0.5, 2.0], atol=5e-4)


@pytest.mark.parametrize(
    ("progress", "rows"), [(1.0, 2), (1.3, 4), (2.0, 4), (6.5, 128), (7.0, 128)]
)
@torch.no_grad()
def test_resolution_grows_with_progress(progress: float, rows: int) -> None:
    image = _generator()(torch.randn(3, 256), PITCHES, progress)
    assert image.shape == (3, 2, rows, rows * 8)
    assert image.abs().max() <= 1
    realness, pitch = DiscriminatorNetwork(base=1024, most=8)(image, progress)
    assert realness.shape == (3,)
    assert pitch.shape == (3, 61)


@torch.no_grad()
def test_a_new_block_fades_in_without_a_jump() -> None:
    generator, critic, latent = (
        _generator(),
        DiscriminatorNetwork(base=1024, most=8),
        torch.randn(3, 256),
    )
    before, after = generator(latent, PITCHES, 2.0), generator(latent, PITCHES, 2.0001)
    assert (enlarged(before, 2) - after).abs().max() < 1e-3
    assert (critic(before, 2.0)[0] - critic(enlarged(before, 2), 2.0001)[0]).abs().max() < 1e-3


def test_progress_is_blocks_and_a_share() -> None:
    assert grown_blocks(1.0, 7) == (1, 1.0)
    assert grown_blocks(2.25, 7) == (3, 0.25)
    assert grown_blocks(0.0, 7) == (1, 1.0)
    assert grown_blocks(9.0, 7) == (7, 1.0)


def test_pixel_norm_brings_features_to_unit_mean_square() -> None:
    normed = pixel_norm(torch.randn(2, 8, 3, 3) * 50)
    assert torch.allclose(normed.square().mean(1), torch.ones(2, 3, 3), atol=1e-4)
    assert torch.isfinite(pixel_norm(torch.zeros(1, 4))).all()


def test_the_deviation_tells_a_batch_of_copies_from_a_varied_one() -> None:
    varied = torch.randn(4, 3, 2, 16)
    copies = varied[:1].expand(4, -1, -1, -1)
    assert with_deviation(copies)[:, -1].max() < 1e-3
    expected = varied.numpy().std(axis=0).mean()
    assert with_deviation(varied)[0, -1, 0, 0].item() == pytest.approx(expected, rel=1e-3)


def test_the_full_network_has_the_papers_size() -> None:
    network = GeneratorNetwork()
    assert [block.conv1.bias.numel() for block in network.blocks] == [
        256,
        256,
        256,
        256,
        128,
        64,
        32,
    ]


@torch.no_grad()
@pytest.mark.parametrize("guided", [False, True])
def test_a_window_is_a_part_of_the_whole(guided: bool) -> None:
    network, latent = GeneratorNetwork(base=512, most=8, guided=guided), torch.randn(2, 256)
    whole = network(latent, PITCHES[:2], 7.0)
    for first, frames in ((0, 16), (37, 5), (112, 16), (0, 128)):
        part = network.window(latent, PITCHES[:2], first, frames)
        torch.testing.assert_close(part, whole[:, :, first : first + frames], atol=1e-5, rtol=0)


@torch.no_grad()
@pytest.mark.parametrize("half", [False, True])
def test_a_guided_generator_is_played_as_it_was_trained(tmp_path: Path, half: bool) -> None:
    pytest.importorskip("onnx")
    network, latent = GeneratorNetwork(base=512, most=8, guided=True), torch.randn(3, 256)
    weights = GeneratorWeights(network.plain_blocks(7), Normalizer(0.5, 0.1, 0.8, 0.0))
    save_bundle(tmp_path, weights, name="small", source="", licence="", half=half)
    image = network(latent, PITCHES, 7.0).permute(0, 2, 3, 1).numpy()
    wanted = (image - [0.1, 0.0]) / [0.5, 0.8]
    generator = load_generator(tmp_path)
    played = generator.melspecgram(latent.numpy(), PITCHES.numpy() + 24)
    assert np.abs(played - wanted).mean() < (1e-2 if half else 1e-4)
    beginning = generator.beginnings(latent.numpy(), PITCHES.numpy() + 24, [9_000] * 3)[2]
    whole = generator.waveform(latent.numpy(), PITCHES.numpy() + 24)[2]
    np.testing.assert_allclose(beginning, whole[:9_000], atol=1e-4 * np.abs(whole).max())


@torch.no_grad()
def test_a_guided_generator_is_in_tune_before_it_has_learned() -> None:
    network = GeneratorNetwork(base=512, most=8, guided=True)
    network.blocks[-1].to_rgb.weight.zero_()
    steps = network(torch.randn(2, 256), torch.tensor([45, 45]), 7.0)[:, 1]
    told = torch.tanh(network.planes[45, 0]).expand(2, 128, -1)
    torch.testing.assert_close(steps, told)
