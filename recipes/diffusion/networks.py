"""The autoencoder of pictures, and the denoiser of its latents.

Latent diffusion after Rombach et al. 2022, small enough for two cores; the denoiser learns the
velocity of a straight path from music to noise (rectified flow, Liu et al. 2023).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from recipes.diffusion.conditions import COUNT

LATENT_CHANNELS = 8


class ResidualBlock(nn.Module):
    """Two convolutions of 3 x 3 beside a shortcut; with ``conditions`` the second one's input is
    scaled and shifted by them (FiLM, Perez et al. 2018)."""

    def __init__(self, inputs: int, outputs: int, conditions: int = 0) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.GroupNorm(8, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1)
        )
        self.norm = nn.GroupNorm(8, outputs)
        self.second = nn.Sequential(nn.SiLU(), nn.Conv2d(outputs, outputs, 3, padding=1))
        self.film = nn.Linear(conditions, 2 * outputs) if conditions else None
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        nn.init.zeros_(self.second[1].weight)
        nn.init.zeros_(self.second[1].bias)

    def forward(self, x: Tensor, conditions: Tensor | None = None) -> Tensor:
        """[B, C, T, F] to the same with its own channels."""
        hidden = self.norm(self.first(x))
        if self.film is not None and conditions is not None:
            scale, shift = self.film(conditions)[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + shift
        return self.shortcut(x) + self.second(hidden)


class Encoder(nn.Module):
    """Pictures [B, 1, T, F] in [-1, 1] to latents [B, 8, T / 8, F / 8]."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(16, width, 3, padding=1),
            ResidualBlock(width, width),
            ResidualBlock(width, width),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            nn.GroupNorm(8, 2 * width),
            nn.SiLU(),
            nn.Conv2d(2 * width, LATENT_CHANNELS, 3, padding=1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """As the class says."""
        latents: Tensor = self.body(pictures)
        return latents


class Decoder(nn.Module):
    """Latents [B, 8, t, f] to pictures [B, 1, 8 t, 8 f]."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(LATENT_CHANNELS, 2 * width, 3, padding=1),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            ResidualBlock(2 * width, 2 * width),
            nn.Conv2d(2 * width, 4 * width, 3, padding=1),
            nn.PixelShuffle(2),
            ResidualBlock(width, width),
            ResidualBlock(width, width),
            nn.Conv2d(width, 16 * 4, 3, padding=1),
            nn.PixelShuffle(4),
            nn.SiLU(),
            nn.Conv2d(4, 1, 3, padding=1),
        )

    def forward(self, latents: Tensor) -> Tensor:
        """As the class says."""
        pictures: Tensor = self.body(latents)
        return pictures


class Attention(nn.Module):
    """Each place looks at all places (Vaswani et al. 2017), in four heads."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.take, self.give = nn.Conv1d(width, 3 * width, 1), nn.Conv1d(width, width, 1)
        nn.init.zeros_(self.give.weight)
        nn.init.zeros_(self.give.bias)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T, F] to the same."""
        batch, width, *_ = x.shape
        taken = self.take(self.norm(x).flatten(2)).reshape(batch, 3, 4, width // 4, -1)
        query, key, value = (part.transpose(-1, -2) for part in taken.unbind(1))
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return x + self.give(mixed.transpose(-1, -2).reshape(batch, width, -1)).reshape(x.shape)


class Denoiser(nn.Module):
    """The velocity at noisy latents: a U-Net over three resolutions, given the time in [0, 1] and
    conditions [B, COUNT] of which ``known`` [B, COUNT] says which count."""

    def __init__(self, widths: tuple[int, int, int] = (80, 144, 208), embedding: int = 256) -> None:
        super().__init__()
        small, middle, large = widths
        self.time = nn.Sequential(
            nn.Linear(64, embedding), nn.SiLU(), nn.Linear(embedding, embedding)
        )
        self.attributes = nn.Sequential(
            nn.Linear(2 * COUNT, embedding), nn.SiLU(), nn.Linear(embedding, embedding)
        )
        # One row of a picture is one pitch wherever it lies in time, so bands are told apart.
        self.enter = nn.Conv2d(LATENT_CHANNELS + 1, small, 3, padding=1)
        self.down = nn.ModuleList([
            ResidualBlock(small, small, embedding), ResidualBlock(small, small, embedding),
            nn.Conv2d(small, middle, 3, stride=2, padding=1),
            ResidualBlock(middle, middle, embedding), ResidualBlock(middle, middle, embedding),
            nn.Conv2d(middle, large, 3, stride=2, padding=1),
        ])  # fmt: skip
        self.bottom = nn.ModuleList([
            ResidualBlock(large, large, embedding), Attention(large),
            ResidualBlock(large, large, embedding), Attention(large),
        ])  # fmt: skip
        self.up = nn.ModuleList([
            nn.ConvTranspose2d(large, middle, 4, stride=2, padding=1),
            ResidualBlock(2 * middle, middle, embedding), ResidualBlock(middle, middle, embedding),
            nn.ConvTranspose2d(middle, small, 4, stride=2, padding=1),
            ResidualBlock(2 * small, small, embedding), ResidualBlock(small, small, embedding),
        ])  # fmt: skip
        self.leave = nn.Sequential(
            nn.GroupNorm(8, small), nn.SiLU(), nn.Conv2d(small, LATENT_CHANNELS, 3, padding=1)
        )

    def forward(self, noisy: Tensor, time: Tensor, conditions: Tensor, known: Tensor) -> Tensor:
        """[B, 8, t, f] at times [B]; t and f are multiples of 4."""
        angles = time[:, None] * torch.exp(
            torch.linspace(0, math.log(1000), 32, device=time.device, dtype=time.dtype)
        )
        embedding = self.time(torch.cat([angles.sin(), angles.cos()], dim=1))
        embedding = functional.silu(
            embedding
            + self.attributes(torch.cat([conditions * known, known], dim=1).to(embedding.dtype))
        )
        height = torch.linspace(-1, 1, noisy.shape[3], device=noisy.device, dtype=noisy.dtype)
        height = height.expand(noisy.shape[0], 1, noisy.shape[2], -1)
        x = self.enter(torch.cat([noisy, height], dim=1))
        kept = []
        for layer in self.down:
            if isinstance(layer, nn.Conv2d):
                kept.append(x)
                x = layer(x)
            else:
                x = layer(x, embedding)
        for layer in self.bottom:
            x = layer(x, embedding) if isinstance(layer, ResidualBlock) else layer(x)
        for layer in self.up:
            if isinstance(layer, nn.ConvTranspose2d):
                x = torch.cat([layer(x), kept.pop()], dim=1)
            else:
                x = layer(x, embedding)
        velocity: Tensor = self.leave(x)
        return velocity
