"""What the two networks are trained to lower."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Critic = Callable[[Tensor], tuple[Tensor, Tensor]]
"""Melspecgrams [B, 2, T, F] to realness [B] and logits of pitches [B, 61]."""


@dataclass(frozen=True)
class LossWeights:
    """The weights of the paper; ``r1`` counts with the loss of that name alone."""

    gradient_penalty: float = 10.0
    drift: float = 0.001
    pitch: float = 10.0
    r1: float = 10.0


def wasserstein_critic_loss(
    critic: Critic, real: Tensor, fake: Tensor, pitch: Tensor, mix: Tensor, weights: LossWeights
) -> Tensor:
    """WGAN-GP with drift and the auxiliary classifier (Gulrajani et al. 2017; Odena et al. 2017).

    ``pitch`` [B] is that of the real notes; ``mix`` [B, 1, 1, 1] in [0, 1] says where between
    the real and the fake ones the slope is held near 1.
    """
    real_score, real_pitch = critic(real)
    fake_score, _ = critic(fake)
    slope = _gradient(critic, torch.lerp(real, fake, mix)).square().sum((1, 2, 3))
    penalty = ((slope + 1e-12).sqrt() - 1).square().mean()
    drift = real_score.float().square().mean()
    return (
        fake_score.float().mean()
        - real_score.float().mean()
        + weights.gradient_penalty * penalty
        + weights.drift * drift
        + weights.pitch * pitch_loss(real_pitch, pitch)
    )


def wasserstein_generator_loss(
    critic: Critic, fake: Tensor, pitch: Tensor, weights: LossWeights
) -> Tensor:
    score, logits = critic(fake)
    return -score.float().mean() + weights.pitch * pitch_loss(logits, pitch)


def logistic_critic_loss(
    critic: Critic, real: Tensor, fake: Tensor, pitch: Tensor, penalize: float,
    weights: LossWeights,
) -> Tensor:  # fmt: skip
    """The logistic loss with R1 (Mescheder et al. 2018). ``penalize`` is 0 on steps without the
    penalty and the number of steps from one to the next otherwise (Karras et al. 2020)."""
    real_score, real_pitch = critic(real)
    fake_score, _ = critic(fake)
    loss = functional.softplus(fake_score.float()).mean()
    loss = loss + functional.softplus(-real_score.float()).mean()
    if penalize:
        r1 = _gradient(critic, real).square().sum((1, 2, 3)).mean()
        loss = loss + 0.5 * weights.r1 * penalize * r1
    return loss + weights.pitch * pitch_loss(real_pitch, pitch)


def logistic_generator_loss(
    critic: Critic, fake: Tensor, pitch: Tensor, weights: LossWeights
) -> Tensor:
    score, logits = critic(fake)
    loss = functional.softplus(-score.float()).mean()
    return loss + weights.pitch * pitch_loss(logits, pitch)


def pitch_loss(logits: Tensor, pitch: Tensor) -> Tensor:
    return functional.cross_entropy(logits.float(), pitch)


def _gradient(critic: Critic, image: Tensor) -> Tensor:
    """The slope of the realness at each point of the images, to be differentiated again."""
    at = image.detach().requires_grad_(True)
    score, _ = critic(at)
    (slope,) = torch.autograd.grad(score.float().sum(), at, create_graph=True)
    return slope.float()
