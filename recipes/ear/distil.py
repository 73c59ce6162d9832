"""Teach the student to hear as its teachers do.

    python -m recipes.ear.distil --data DATA --pool POOL --made MADE --prepared PREPARED --out RUN

No emotion label is used here, so that the heads fitted later can be evaluated honestly. A
checkpoint each two minutes; it stops after ``--minutes`` and, started again, goes on where it was,
on the schedule that ``--steps`` sets.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread

import numpy as np
import torch
from torch.nn import functional

from moodprint.files import atomic_file
from recipes.ear.crops import LOWEST_LOGIT, Batch, Components, Crops, Example, load_examples
from recipes.ear.network import MUSICNN_WIDTH, Student, StudentOutputs
from recipes.ear.sources import all_items

COMPONENTS = 192

MUSIC_CLASSES, MOOD_CLASSES = slice(132, 277), slice(271, 277)
"""Of YAMNet's classes: instruments, genres and moods of music; among them six moods."""


@dataclass(frozen=True)
class Recipe:
    """How the student is trained: ``steps`` of ``batch`` crops of ``rows`` half seconds each.

    ``bfloat16`` takes half the time where the processor has it, and ten times as long elsewhere.
    """

    steps: int
    batch: int = 48
    rows: int = 16
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    warm_up: float = 0.03
    averaging: float = 0.998
    seed: int = 1
    bfloat16: bool = True

    def learning_rate_at(self, step: int) -> float:
        """One cycle: a linear rise, then half a cosine down to zero."""
        done = step / self.steps
        if done < self.warm_up:
            return self.learning_rate * done / self.warm_up
        cooled = (done - self.warm_up) / (1 - self.warm_up)
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * cooled))


def class_weights(like: torch.Tensor) -> torch.Tensor:
    """[521], mean 1: how much the logit of each of YAMNet's classes counts."""
    weights = torch.ones(like.shape[-1])
    weights[MUSIC_CLASSES], weights[MOOD_CLASSES] = 3.0, 12.0
    return (weights / weights.mean()).to(like)


def loss_of(
    outputs: StudentOutputs, batch: list[torch.Tensor]
) -> tuple[torch.Tensor, dict[str, float]]:
    """Distance from the teachers, each part about 1 for a student that knows only the averages."""
    _, presence, yamnet, embedding, tags, tags_embedding, known = batch
    parts = {
        "presence": 2 * functional.binary_cross_entropy_with_logits(outputs.presence, presence),
        "scores": 40
        * functional.binary_cross_entropy_with_logits(outputs.yamnet, torch.sigmoid(yamnet)),
        "logits": ((outputs.yamnet - yamnet).square() * class_weights(yamnet)).mean() / 2,
        "embedding": 40 * functional.mse_loss(outputs.yamnet_embedding, embedding),
        "tags": ((outputs.tags - tags).square() * known).mean() / 3,
        "hidden": ((outputs.tags_embedding - tags_embedding).square() * known).mean(),
    }
    return sum(parts.values()), {name: float(part.detach()) for name, part in parts.items()}


class Run:
    """A training that can be stopped and started again: student, averaged student, optimiser."""

    def __init__(self, folder: Path, recipe: Recipe, device: str) -> None:
        torch.manual_seed(recipe.seed)
        self.folder, self.recipe, self.device = folder, recipe, device
        folder.mkdir(parents=True, exist_ok=True)
        self.student = Student(COMPONENTS).to(device, memory_format=torch.channels_last)
        self.averaged = Student(COMPONENTS).to(device)
        self.averaged.load_state_dict(self.student.state_dict())
        self.optimizer = torch.optim.AdamW(
            self.student.parameters(), lr=0.0, weight_decay=recipe.weight_decay
        )
        self.step = 0
        if self._file.exists():
            saved = torch.load(self._file, map_location=device, weights_only=True)
            for part in ("student", "averaged", "optimizer"):
                getattr(self, part).load_state_dict(saved[part])
            self.step = saved["step"]

    @property
    def _file(self) -> Path:
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        """Write all that the training goes on from, at once."""
        state = {
            "student": self.student.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
        }
        with atomic_file(self._file) as file:
            torch.save(state, file)

    def learn(self, batch: Batch) -> dict[str, float]:
        """One step on a batch; the loss and its parts."""
        tensors = [torch.from_numpy(part).to(self.device) for part in batch]
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate_at(self.step)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.recipe.bfloat16):
            outputs = self.student(tensors[0])
        loss, parts = loss_of(StudentOutputs(*(part.float() for part in outputs)), tensors)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 2.0)
        self.optimizer.step()
        self.step += 1
        self._average()
        return {"loss": float(loss.detach()), **parts}

    @torch.no_grad()
    def _average(self) -> None:
        keep = min(self.recipe.averaging, self.step / (self.step + 10))
        own = self.student.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(own[name], 1 - keep)
            else:
                value.copy_(own[name])


def held_out(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """One group in twelve is kept to watch the training by, never learned from."""
    groups = sorted({example.item.group for example in examples})
    kept = set(np.random.default_rng(5).permutation(groups)[: len(groups) // 12])
    return (
        [example for example in examples if example.item.group not in kept],
        [example for example in examples if example.item.group in kept],
    )


def components_of(examples: list[Example]) -> tuple[Components, np.ndarray]:
    """YAMNet's principal components and MusiCNN's scale, over a sample of rows."""
    rng = np.random.default_rng(3)
    rows = [
        example.embedding[int(rng.integers(example.rows))] for example in examples for _ in range(2)
    ]
    hidden = [part for example in examples if (part := example.tags_embedding) is not None]
    scale = (
        np.concatenate(hidden).astype(np.float32).std(axis=0) + 0.1
        if hidden
        else np.ones(MUSICNN_WIDTH)
    )
    return Components.of(np.array(rows, np.float32), COMPONENTS), scale.astype(np.float32)


@torch.no_grad()
def start_at_the_mean(run: Run, examples: list[Example]) -> None:
    """Biases begin at the teachers' mean answers, so that no step is spent on learning those."""
    yamnet = np.concatenate([example.yamnet for example in examples]).astype(np.float32)
    tags = [part for example in examples if (part := example.tags) is not None]
    for network in (run.student, run.averaged):
        network.yamnet.bias.copy_(torch.from_numpy(np.maximum(yamnet, LOWEST_LOGIT).mean(axis=0)))
        if tags:
            network.tags.bias.copy_(
                torch.from_numpy(np.concatenate(tags).astype(np.float32).mean(axis=0))
            )


@torch.inference_mode()
def check(run: Run, batches: list[Batch]) -> dict[str, float]:
    """The parts of the loss of the averaged student, means over batches it does not learn from."""
    run.averaged.eval()
    sums: dict[str, float] = {}
    for batch in batches:
        tensors = [torch.from_numpy(part).to(run.device) for part in batch]
        _, parts = loss_of(run.averaged(tensors[0]), tensors)
        sums = {name: sums.get(name, 0.0) + part / len(batches) for name, part in parts.items()}
    return sums


def fed(crops: Crops, size: int) -> Queue[Batch]:
    """Batches drawn by another thread while the network is at work."""
    queue: Queue[Batch] = Queue(maxsize=4)

    def feed() -> None:
        while True:
            queue.put(crops.draw(size))

    Thread(target=feed, daemon=True).start()
    return queue


def train(run: Run, queue: Queue[Batch], watched: list[Batch], minutes: float) -> None:
    """All steps that are left, or as many as ``minutes`` allow; every two minutes a checkpoint and
    a line with the loss on batches that are only watched."""
    started = last = time.monotonic()
    while run.step < run.recipe.steps and time.monotonic() - started < minutes * 60:
        run.student.train()
        parts = run.learn(queue.get())
        if time.monotonic() - last > 120 or run.step == run.recipe.steps:
            last = time.monotonic()
            run.save()
            line = {"step": run.step, "minutes": round((last - started) / 60, 1), "learned": parts}
            line["watched"] = check(run, watched)
            print(json.dumps(line, default=float), flush=True)
    run.save()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "prepared", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--float32", action="store_true", help="no bfloat16")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    examples = load_examples(all_items(options.data, options.pool, options.made), options.prepared)
    learned, watched = held_out(examples)
    components, scale = components_of(learned)
    recipe = Recipe(options.steps, bfloat16=not options.float32)
    run = Run(options.out, recipe, options.device)
    np.savez(
        options.out / "components.npz", mean=components.mean, basis=components.basis, scale=scale
    )
    hours = sum(example.rows for example in learned) / 7200
    print(f"{len(learned)} items, {hours:.1f} h to learn from; {len(watched)} watched", flush=True)

    learned, watched = (
        [example.reduced(components) for example in part] for part in (learned, watched)
    )
    if run.step == 0:
        start_at_the_mean(run, learned)
    queue = fed(Crops(learned, scale, rows=recipe.rows, seed=recipe.seed + run.step), recipe.batch)
    probe = Crops(watched, scale, rows=recipe.rows, seed=99)
    watched_batches = [probe.draw(recipe.batch) for _ in range(12)]
    train(run, queue, watched_batches, options.minutes)


if __name__ == "__main__":
    main()
