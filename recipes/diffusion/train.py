r"""Train the autoencoder, encode all pictures, train the denoiser.

    python -m recipes.diffusion.train --prepared PREPARED --out RUN --stage autoencoder
    python -m recipes.diffusion.train --prepared PREPARED --out RUN --stage denoiser

A checkpoint each two minutes; it stops after ``--minutes`` and, started again, goes on where it
was, on the schedule that ``--steps`` sets. One group in sixteen is only watched.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.files import atomic_file
from recipes.diffusion.networks import CONDITIONS, Decoder, Denoiser, Encoder
from recipes.diffusion.spectrogram import to_unit

LATENT_NOISE = 0.1
"""Added to the latents, of about unit size, so that neighbours sound alike."""

_UNCONDITIONED = 0.15
"""The share of pictures of which nothing is told, for guidance (Ho and Salimans 2022)."""


@dataclass(frozen=True)
class Pictures:
    """All pictures [N, T, F] (bytes), their conditions [N, 57], and whether each is learned."""

    pictures: np.ndarray
    conditions: np.ndarray
    learned: np.ndarray

    @classmethod
    def load(cls, folder: Path) -> Pictures:
        """Of the files that ``prepare`` wrote."""
        pictures, conditions, groups = [], [], []
        for path in sorted(folder.glob("*.npz")):
            with np.load(path) as file:
                pictures.append(file["pictures"])
                conditions.append(file["conditions"])
                groups += [str(file["group"])] * len(file["pictures"])
        names = sorted(set(groups))
        watched = set(np.random.default_rng(5).permutation(names)[: len(names) // 16])
        learned = np.array([group not in watched for group in groups])
        return cls(np.concatenate(pictures), np.concatenate(conditions), learned)


class Run:
    """A training that can be stopped and started again: a network, its average, its optimiser."""

    def __init__(
        self, path: Path, network: nn.Module, average: nn.Module, args: argparse.Namespace
    ):
        self.path, self.args, self.step = path, args, 0
        self.network = network.to(args.device, memory_format=torch.channels_last)
        self.average = average.to(args.device)
        self.average.load_state_dict(network.state_dict())
        self.optimizer = torch.optim.AdamW(
            network.parameters(), lr=0.0, weight_decay=0.01, betas=(0.9, 0.98)
        )
        if path.exists():
            saved = torch.load(path, map_location=args.device, weights_only=True)
            self.network.load_state_dict(saved["network"])
            self.average.load_state_dict(saved["average"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step = saved["step"]

    def save(self) -> None:
        """Write all that the training goes on from."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
        }
        with atomic_file(self.path) as file:
            torch.save(state, file)

    def descend(self, loss: Tensor) -> None:
        """One step down."""
        done = self.step / self.args.steps
        warm = min(1.0, self.step / 200)
        rate = self.args.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        keep = min(self.args.averaging, self.step / (self.step + 10))
        with torch.no_grad():
            for mine, its in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mine.lerp_(its, 1 - keep)


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
    made = [nn.ModuleList([Encoder(), Decoder()]) for _ in range(2)]
    run = Run(args.out / "autoencoder.pt", *made, args)
    watched = _units(data.pictures[~data.learned][:64], args.device)
    places = np.flatnonzero(data.learned)

    def step(rng: np.random.Generator) -> dict[str, float]:
        pictures = _units(data.pictures[rng.choice(places, args.batch)], args.device)
        with torch.autocast(args.device, torch.bfloat16, enabled=not args.float32):
            drawn, latents = autoencode(run.network, pictures, LATENT_NOISE)
        loss = picture_loss(drawn.float(), pictures)
        size = (latents.float().square().mean() - 1).clamp(min=0)
        run.descend(loss + 0.01 * size)
        return {"loss": float(loss.detach()), "latent": float(latents.float().std())}

    @torch.inference_mode()
    def watch() -> dict[str, float]:
        drawn, _ = autoencode(run.average, watched, 0.0)
        return {"watched": float(picture_loss(drawn, watched))}

    _loop(run, args, step, watch)


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
                pictures = _units(data.pictures[first : first + 64], args.device)
                with torch.autocast(args.device, torch.bfloat16, enabled=not args.float32):
                    parts.append(encoder(pictures).float().cpu().numpy().astype(np.float16))
        with atomic_file(path) as file:
            np.save(file, np.concatenate(parts))
    latents = np.load(path)
    scale = 1 / float(latents[::7].astype(np.float32).std())
    return latents, scale


def train_denoiser(data: Pictures, args: argparse.Namespace) -> None:
    """Rectified flow on latents; of the conditions a random part is told each time."""
    latents, scale = encode_all(data, args)
    mean, deviation = data.conditions.mean(axis=0), data.conditions.std(axis=0) + 1e-3
    np.savez(args.out / "scaling.npz", scale=scale, mean=mean, deviation=deviation)
    conditions = ((data.conditions - mean) / deviation).astype(np.float32)
    run = Run(args.out / "denoiser.pt", Denoiser(), Denoiser(), args)
    places, kept_apart = np.flatnonzero(data.learned), np.flatnonzero(~data.learned)[:256]

    def drawn(rng: np.random.Generator, chosen: np.ndarray) -> list[Tensor]:
        music = torch.from_numpy(latents[chosen].astype(np.float32) * scale)
        noise = torch.from_numpy(rng.standard_normal(music.shape, np.float32))
        at = torch.from_numpy(
            1 / (1 + np.exp(-rng.standard_normal(len(chosen))))
        )  # most in between
        share = rng.random((len(chosen), 1)) * (rng.random((len(chosen), 1)) > _UNCONDITIONED)
        known = (rng.random((len(chosen), CONDITIONS)) < share).astype(np.float32)
        told = torch.from_numpy(conditions[chosen]), torch.from_numpy(known)
        return [each.float().to(args.device) for each in (music, noise, at, *told)]

    def loss_of(network: nn.Module, parts: list[Tensor]) -> Tensor:
        music, noise, at, told, known = parts
        moment = at[:, None, None, None]
        noisy = (1 - moment) * music + moment * noise
        with torch.autocast(args.device, torch.bfloat16, enabled=not args.float32):
            velocity = network(noisy.contiguous(memory_format=torch.channels_last), at, told, known)
        return functional.mse_loss(velocity.float(), noise - music)

    def step(rng: np.random.Generator) -> dict[str, float]:
        loss = loss_of(run.network, drawn(rng, rng.choice(places, args.batch)))
        run.descend(loss)
        return {"loss": float(loss.detach())}

    watched = [drawn(np.random.default_rng(9), part) for part in np.array_split(kept_apart, 8)]

    @torch.inference_mode()
    def watch() -> dict[str, float]:
        return {"watched": float(np.mean([float(loss_of(run.average, each)) for each in watched]))}

    _loop(run, args, step, watch)


def _loop(run: Run, args: argparse.Namespace, step, watch) -> None:  # noqa: ANN001
    rng = np.random.default_rng(args.seed + run.step)
    started = last = time.monotonic()
    losses: list[dict[str, float]] = []
    while run.step < args.steps and time.monotonic() - started < args.minutes * 60:
        losses.append(step(rng))
        if time.monotonic() - last > 120 or run.step == args.steps:
            last = time.monotonic()
            run.save()
            means = {name: float(np.mean([each[name] for each in losses])) for name in losses[0]}
            minutes = round((last - started) / 60, 1)
            print(
                json.dumps({"step": run.step, "minutes": minutes, **means, **watch()}), flush=True
            )
            losses = []
    run.save()


def _units(pictures: np.ndarray, device: str) -> Tensor:
    """[B, 1, T, F] in [-1, 1]."""
    return torch.from_numpy(to_unit(pictures)[:, None]).to(device)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stage", choices=("autoencoder", "denoiser"), required=True)
    parser.add_argument("--steps", type=int, default=60_000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=5e-4)
    parser.add_argument("--averaging", type=float, default=0.999)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--float32", action="store_true", help="no bfloat16")
    return parser.parse_args()


def main() -> None:
    """Run from the command line."""
    args = _options()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    data = Pictures.load(args.prepared)
    counts = f"{data.learned.sum()} pictures to learn from, {(~data.learned).sum()} watched"
    print(counts, flush=True)
    stages = {"autoencoder": train_autoencoder, "denoiser": train_denoiser}
    stages[args.stage](data, args)


if __name__ == "__main__":
    main()
