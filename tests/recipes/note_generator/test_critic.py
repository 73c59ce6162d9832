import pytest

torch = pytest.importorskip("torch", reason="the critic is torch's")

from recipes.note_generator.critic import CriticNetwork, with_deviation  # noqa: E402

from moodprint.generation.note_generator.architecture import feature_counts  # noqa: E402
from moodprint.generation.note_generator.network_torch import enlarged  # noqa: E402

SMALL = feature_counts(7, 1024, 8)


@pytest.fixture(autouse=True)
def _one_seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(
    ("progress", "rows"), [(1.0, 2), (1.3, 4), (2.0, 4), (6.5, 128), (7.0, 128)]
)
@torch.no_grad()
def test_it_scores_melspecgrams_of_each_resolution(progress: float, rows: int) -> None:
    realness, pitch = CriticNetwork(SMALL)(torch.rand(3, 2, rows, rows * 8), progress)
    assert realness.shape == (3,)
    assert pitch.shape == (3, 61)
    assert torch.isfinite(realness).all()


@torch.no_grad()
def test_a_new_block_fades_in_without_a_jump() -> None:
    critic, coarse = CriticNetwork(SMALL), torch.rand(3, 2, 4, 32)
    before, after = critic(coarse, 2.0), critic(enlarged(coarse, 2), 2.0001)
    for now, later in zip(before, after, strict=True):
        assert (now - later).abs().max() < 1e-3


@torch.no_grad()
def test_it_sees_whether_a_batch_is_varied() -> None:
    critic, varied = CriticNetwork(SMALL), torch.rand(4, 2, 2, 16)
    alone = critic(varied[:1].expand(4, -1, -1, -1), 1.0)[0]
    assert (alone[0] - critic(varied, 1.0)[0][0]).abs() > 1e-4


@torch.no_grad()
def test_the_deviation_tells_a_batch_of_copies_from_a_varied_one() -> None:
    varied = torch.randn(4, 3, 2, 16)
    copies = varied[:1].expand(4, -1, -1, -1)
    assert with_deviation(copies)[:, -1].max() < 1e-3
    expected = varied.numpy().std(axis=0).mean()
    assert with_deviation(varied)[0, -1, 0, 0].item() == pytest.approx(expected, rel=1e-3)


def test_slopes_reach_every_layer_that_takes_part() -> None:
    critic = CriticNetwork(SMALL[:3])
    realness, pitch = critic(torch.rand(2, 2, 8, 64), 3.0)
    (realness.sum() + pitch.square().sum()).backward()
    resting = {name.split(".")[2] for name, p in critic.named_parameters() if p.grad is None}
    assert resting == {"from_rgb"}, "those of the blocks that are not the first to see the image"
