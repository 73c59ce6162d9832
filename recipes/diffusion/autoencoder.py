"""The autoencoder's training: pictures drawn again from latents an eighth as high and wide."""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import Tensor, nn

from moodprint.files import atomic_file
from recipes.diffusion.inherited import inherit_coder
from recipes.diffusion.networks import Decoder, Encoder
from recipes.diffusion.pictures import Pictures, units
from recipes.diffusion.run import Figures, Run, train

CROP = 256
"""Frames of a picture that a step takes: layers see no further than some 60."""

LATENT_NOISE = 0.1
"""Added to the latents, of about unit size, so that neighbours sound alike."""


def autoencode(coder: nn.ModuleList, pictures: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """The pictures [B, 1, T, F] drawn again, and their latents."""
    latents = coder[0](pictures)
    return coder[1](latents + noise * torch.randn_like(latents)), latents


def picture_loss(drawn: Tensor, pictures: Tensor) -> Tensor:
    """How far drawn pictures are: their values, and their edges in time and pitch."""
    loss = (drawn - pictures).abs().mean()
    for axis in (2, 3):
        loss = loss + 0.5 * (drawn.diff(dim=axis) - pictures.diff(dim=axis)).abs().mean()
    return loss


def train_autoencoder(data: Pictures, args: argparse.Namespace) -> None:
    """Latents are kept near unit size by a penalty on their squares beyond 1."""
    network, average = (nn.ModuleList([Encoder(), Decoder()]) for _ in range(2))
    if args.inherit:
        inherit_coder(network, args.inherit)
    run = Run(args.out / "autoencoder.pt", network, average, args)
    watched = units(data.pictures[~data.learned][:64], args.device)
    places = np.flatnonzero(data.learned)

    def step(rng: np.random.Generator) -> Figures:
        chosen = data.pictures[rng.choice(places, args.batch)]
        first = int(rng.integers(max(1, chosen.shape[1] - CROP)))
        pictures = units(chosen[:, first : first + CROP], args.device)
        with torch.autocast(args.device, torch.bfloat16, enabled=not args.float32):
            drawn, latents = autoencode(run.network, pictures, LATENT_NOISE)
        loss = picture_loss(drawn.float(), pictures)
        size = (latents.float().square().mean() - 1).clamp(min=0)
        run.descend(loss + 0.01 * size)
        return {"loss": float(loss.detach()), "latent": float(latents.detach().float().std())}

    @torch.inference_mode()
    def watch() -> Figures:
        drawn, _ = autoencode(run.average, watched, 0.0)
        return {"watched": float(picture_loss(drawn, watched))}

    train(run, step, watch)


def encode_all(data: Pictures, args: argparse.Namespace) -> tuple[np.ndarray, float]:
    """Latents [N, 8, t, f] of all pictures, of unit size, and what they were multiplied by."""
    path = args.out / "latents.npy"
    coder = nn.ModuleList([Encoder(), Decoder()])
    saved = torch.load(args.out / "autoencoder.pt", map_location="cpu", weights_only=True)
    coder.load_state_dict(saved["average"])
    encoder = coder[0].to(args.device).eval()
    if not path.exists():
        parts = []
        with torch.inference_mode():
            for first in range(0, len(data.pictures), 64):
                pictures = units(data.pictures[first : first + 64], args.device)
                with torch.autocast(args.device, torch.bfloat16, enabled=not args.float32):
                    parts.append(encoder(pictures).float().cpu().numpy().astype(np.float16))
        with atomic_file(path) as file:
            np.save(file, np.concatenate(parts))
    latents = np.load(path)
    scale = 1 / float(latents[::7].astype(np.float32).std())
    return latents, scale
