"""A training that can be stopped and started again."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from moodprint.files import atomic_file

_SAVE_S = 120

Figures = dict[str, float]


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


def train(
    run: Run, step: Callable[[np.random.Generator], Figures], watch: Callable[[], Figures]
) -> None:
    """Take steps until the run's steps or minutes are over; save and print each two minutes."""
    args = run.args
    rng = np.random.default_rng(args.seed + run.step)
    started = last = time.monotonic()
    losses: list[dict[str, float]] = []
    while run.step < args.steps and time.monotonic() - started < args.minutes * 60:
        losses.append(step(rng))
        if time.monotonic() - last > _SAVE_S or run.step == args.steps:
            last = time.monotonic()
            run.save()
            means = {name: float(np.mean([each[name] for each in losses])) for name in losses[0]}
            minutes = round((last - started) / 60, 1)
            print(
                json.dumps({"step": run.step, "minutes": minutes, **means, **watch()}), flush=True
            )
            losses = []
    run.save()
