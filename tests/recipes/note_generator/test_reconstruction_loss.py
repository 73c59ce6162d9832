import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recipes.note_generator.reconstruction_loss import (  # noqa: E402
    FORESEEN,
    ReconstructionLoss,
)

from moodprint.generation.note_generator.architecture import Normalizer  # noqa: E402

NORMALIZER = Normalizer(0.07, 0.1, 0.8, 0.0)
LOSS = ReconstructionLoss(NORMALIZER, 1.0, torch.device("cpu"))
LOUDEST = torch.zeros(1)


def _wanted(frames: int = 8) -> torch.Tensor:
    """A note that is loud everywhere."""
    return torch.zeros(1, 2, frames, 1024)


def test_what_is_wanted_costs_nothing() -> None:
    assert LOSS(_wanted(), _wanted(), LOUDEST) == (0, 0)


def test_a_phase_is_near_by_the_shorter_way() -> None:
    wanted = _wanted()
    wanted[:, 1] = 0.79
    output = wanted.clone()
    output[:, 1, :, 900:] = -0.79
    _, near = LOSS(output, wanted, LOUDEST)
    output[:, 1, :, 900:] = 0.0
    _, far = LOSS(output, wanted, LOUDEST)
    assert 0 < near < 0.1 * far


def test_a_phase_counts_where_it_is_loud() -> None:
    wanted, output = _wanted(), _wanted()
    output[:, 1, :, 900:] = 0.4
    _, loud = LOSS(output, wanted, LOUDEST)
    _, quiet = LOSS(output, wanted, torch.full((1,), 2.0))  # all lies more than 60 dB below
    assert loud > 0 == quiet


def test_a_magnitude_counts_by_its_level() -> None:
    wanted, output = _wanted(), _wanted()
    output[:, 0] += 0.1
    loud, _ = LOSS(output, wanted, LOUDEST)
    quiet, _ = LOSS(output, wanted, torch.full((1,), 2.0))
    assert loud / quiet == pytest.approx(1.025 / 0.025, rel=1e-4)


def test_a_phase_counts_from_some_frames_before_its_partial_sounds() -> None:
    frames = 10
    wanted = _wanted(frames + FORESEEN)
    wanted[:, 0, :8] = -2.0  # silence until frame 8
    costs = []
    for at in range(frames):
        output = wanted[:, :, :frames].clone()
        output[:, 1, at, 900:] = 0.4
        costs.append(float(LOSS(output, wanted, LOUDEST)[1]))
    assert [cost > 0 for cost in costs] == [at + FORESEEN >= 8 for at in range(frames)]


def test_the_weight_of_phases_is_a_factor() -> None:
    wanted, output = _wanted(), _wanted()
    output[:, 1, :, 900:] = 0.4
    double = ReconstructionLoss(NORMALIZER, 2.0, torch.device("cpu"))
    assert double(output, wanted, LOUDEST)[1] == pytest.approx(
        2 * float(LOSS(output, wanted, LOUDEST)[1])
    )
