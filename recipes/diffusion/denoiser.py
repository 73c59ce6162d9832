"""The denoiser's training: rectified flow on the latents of music."""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from recipes.diffusion.autoencoder import encode_all
from recipes.diffusion.conditions import COUNT, PLAYED
from recipes.diffusion.inherited import inherit_denoiser
from recipes.diffusion.networks import Denoiser
from recipes.diffusion.pictures import Pictures
from recipes.diffusion.run import Figures, Run, train

QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
"""Kept of each condition, so that "bright" can mean bright for this music."""

_UNCONDITIONED = 0.15
"""The share of pictures of which nothing is told, for guidance (Ho and Salimans 2022)."""


def scaling_of(conditions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean [K], deviation [K] and values at QUANTILES [Q, K] of what is known of [N, K].

    What is either so or not (PLAYED) has its shares for values: 0.98 is "so", 0.02 "not so".
    """
    values = conditions.astype(np.float32)
    mean, deviation = np.nanmean(values, axis=0), np.nanstd(values, axis=0) + 1e-3
    quantiles = np.nanquantile(values, QUANTILES, axis=0)
    quantiles[:, -len(PLAYED) :] = np.array(QUANTILES)[:, None]
    return mean, deviation, quantiles


def train_denoiser(data: Pictures, args: argparse.Namespace) -> None:
    """Rectified flow on latents; of the conditions a random part is told each time."""
    latents, scale = encode_all(data, args)
    mean, deviation, quantiles = scaling_of(data.conditions)
    np.savez(
        args.out / "scaling.npz",
        scale=scale,
        mean=mean,
        deviation=deviation,
        quantiles=quantiles,
    )
    there = ~np.isnan(data.conditions)
    conditions = np.where(there, (data.conditions - mean) / deviation, 0).astype(np.float32)
    network = Denoiser()
    if args.inherit:
        inherit_denoiser(network, args.inherit)
    run = Run(args.out / "denoiser.pt", network, Denoiser(), args)
    places, kept_apart = np.flatnonzero(data.learned), np.flatnonzero(~data.learned)[:256]

    def drawn(rng: np.random.Generator, chosen: np.ndarray) -> list[Tensor]:
        music = torch.from_numpy(latents[chosen].astype(np.float32) * scale)
        noise = torch.from_numpy(rng.standard_normal(music.shape, np.float32))
        at = torch.from_numpy(
            1 / (1 + np.exp(-rng.standard_normal(len(chosen))))
        )  # most in between
        share = rng.random((len(chosen), 1)) * (rng.random((len(chosen), 1)) > _UNCONDITIONED)
        known = (rng.random((len(chosen), COUNT)) < share) & there[chosen]
        shown = torch.from_numpy(conditions[chosen]), torch.from_numpy(known)
        return [each.float().to(args.device) for each in (music, noise, at, *shown)]

    def loss_of(network: nn.Module, parts: list[Tensor]) -> Tensor:
        music, noise, at, shown, known = parts
        moment = at[:, None, None, None]
        noisy = (1 - moment) * music + moment * noise
        with torch.autocast(args.device, torch.bfloat16, enabled=not args.float32):
            velocity = network(
                noisy.contiguous(memory_format=torch.channels_last), at, shown, known
            )
        return functional.mse_loss(velocity.float(), noise - music)

    def step(rng: np.random.Generator) -> Figures:
        loss = loss_of(run.network, drawn(rng, rng.choice(places, args.batch)))
        run.descend(loss)
        return {"loss": float(loss.detach())}

    parts = np.array_split(kept_apart, -(-len(kept_apart) // args.batch))
    watched = [drawn(np.random.default_rng(9), part) for part in parts]

    @torch.inference_mode()
    def watch() -> Figures:
        return {"watched": float(np.mean([float(loss_of(run.average, each)) for each in watched]))}

    train(run, step, watch)
