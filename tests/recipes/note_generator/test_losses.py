import math

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from recipes.note_generator.losses import (  # noqa: E402
    LossWeights,
    logistic_critic_loss,
    logistic_generator_loss,
    pitch_loss,
    wasserstein_critic_loss,
    wasserstein_generator_loss,
)

REAL, FAKE = torch.ones(2, 2, 2, 2), torch.zeros(2, 2, 2, 2)
PITCH, MIX = torch.tensor([0, 60]), torch.full((2, 1, 1, 1), 0.5)
EVEN = math.log(61)  # the pitch loss of a classifier that knows nothing


def _linear(slope: float):
    """A critic whose realness is slope times the sum of an image's 8 values."""

    def critic(image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return slope * image.sum((1, 2, 3)), image.sum() * 0 + torch.zeros(len(image), 61)

    return critic


def test_the_critics_wasserstein_loss_is_the_sum_of_its_parts() -> None:
    weights = LossWeights(gradient_penalty=10, drift=0.001, pitch=10)
    loss = wasserstein_critic_loss(_linear(3.0), REAL, FAKE, PITCH, MIX, weights)
    slope = 3 * math.sqrt(8)
    expected = 0 - 24 + 10 * (slope - 1) ** 2 + 0.001 * 24**2 + 10 * EVEN
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_a_slope_of_one_is_not_punished() -> None:
    weights = LossWeights(drift=0, pitch=0)
    loss = wasserstein_critic_loss(_linear(1 / math.sqrt(8)), REAL, FAKE, PITCH, MIX, weights)
    assert loss.item() == pytest.approx(-math.sqrt(8), rel=1e-4)


def test_the_generators_losses_fall_as_it_seems_more_real() -> None:
    for loss in (wasserstein_generator_loss, logistic_generator_loss):
        better = loss(_linear(1.0), REAL, PITCH, LossWeights())
        worse = loss(_linear(1.0), FAKE, PITCH, LossWeights())
        assert better < worse
    value = wasserstein_generator_loss(_linear(1.0), REAL, PITCH, LossWeights())
    assert value.item() == pytest.approx(-8 + 10 * EVEN, rel=1e-5)


@pytest.mark.parametrize("penalize", [0.0, 4.0])
def test_the_critics_logistic_loss_is_the_sum_of_its_parts(penalize: float) -> None:
    weights = LossWeights(r1=2.0, pitch=0)
    loss = logistic_critic_loss(_linear(0.5), REAL, FAKE, PITCH, penalize, weights)
    r1 = 0.25 * 8
    expected = math.log(2) + math.log1p(math.exp(-4)) + 0.5 * 2.0 * penalize * r1
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_the_penalty_teaches_the_critic() -> None:
    slope = torch.tensor(3.0, requires_grad=True)
    loss = wasserstein_critic_loss(
        _linear(slope), REAL, FAKE, PITCH, MIX, LossWeights(drift=0, pitch=0)
    )
    loss.backward()
    expected = -8 + 10 * 2 * (3 * math.sqrt(8) - 1) * math.sqrt(8)
    assert slope.grad is not None
    assert slope.grad.item() == pytest.approx(expected, rel=1e-4)


def test_the_pitch_loss_is_that_of_the_right_class() -> None:
    logits = torch.zeros(2, 61)
    logits[0, 0] = logits[1, 60] = 50
    assert pitch_loss(logits, PITCH) < 1e-6
    assert pitch_loss(logits.flip(0), PITCH) > 40
