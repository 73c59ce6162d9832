r"""Teach the student to hear as its teachers do.

    python -m recipes.ear.distil --data DATA --pool POOL --made MADE --prepared PREPARED \
        --jamendo JAMENDO.npz --out RUN [--inherit BUNDLE]

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

from moodprint.bundle import open_bundle
from moodprint.files import atomic_file
from moodprint.models.emotion_net.network_torch import EmotionNetworkModule
from recipes.ear.crops import LOWEST_LOGIT, Batch, Crops
from recipes.ear.examples import Example, Scaling, Targets, load_examples
from recipes.ear.inherited import inherit, set_by_ridge
from recipes.ear.opinions import Opinions
from recipes.ear.prepare import from_bytes
from recipes.ear.sources import all_items
from recipes.ear.student import Student, StudentOutputs

COMPONENTS = 192

MUSIC_CLASSES, MOOD_CLASSES = slice(132, 277), slice(271, 277)
"""Of YAMNet's classes: instruments, genres and moods of music; among them six moods."""


@dataclass(frozen=True)
class Recipe:
    """How the student is trained: ``steps`` of ``batch`` crops of ``rows`` half seconds each.

    ``bfloat16`` takes half the time where the processor has it, and ten times as long elsewhere. A
    ``learning_rate`` of 3e-3 suits a student that begins from nothing, 1e-3 one that has inherited;
    such a one may ``keep_picture``: its first layers stay as they are, and a step takes half the
    time.
    """

    steps: int
    batch: int = 32
    rows: int = 16
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    warm_up: float = 0.03
    averaging: float = 0.998
    seed: int = 1
    bfloat16: bool = True
    keep_picture: bool = False

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
    _, presence, yamnet, embedding, tags, tags_embedding, opinions, known, held = batch
    parts = {
        "presence": 2 * functional.binary_cross_entropy_with_logits(outputs.presence, presence),
        "scores": 40
        * functional.binary_cross_entropy_with_logits(outputs.yamnet, torch.sigmoid(yamnet)),
        "logits": ((outputs.yamnet - yamnet).square() * class_weights(yamnet)).mean() / 2,
        "embedding": 40 * functional.mse_loss(outputs.yamnet_embedding, embedding),
        "tags": ((outputs.tags - tags).square() * known).mean() / 3,
        "hidden": ((outputs.tags_embedding - tags_embedding).square() * known).mean(),
        "opinions": 4 * ((outputs.opinions - opinions).square() * held).mean(),
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
        if recipe.keep_picture:
            self.student.picture.requires_grad_(False)
        learned = [part for part in self.student.parameters() if part.requires_grad]
        self.optimizer = torch.optim.AdamW(learned, lr=0.0, weight_decay=recipe.weight_decay)
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
        self.student.train()
        if self.recipe.keep_picture:
            self.student.picture.eval()
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


def set_heads(student: Student, examples: list[Example]) -> None:
    """All that the student says of its teachers begins with what its embedding knows of them, so
    that no step is spent on learning that."""
    embedding, some = _embeddings(student, examples)
    fields = {name: name for name in ("yamnet", "tags", "opinions", "tags_embedding")}
    for layer, field in {**fields, "yamnet_embedding": "embedding"}.items():
        parts = [getattr(each, field)[each.asked[:, 0] > 0] for each in some]
        target = np.concatenate(parts).astype(np.float32)
        if layer == "yamnet":
            target = np.maximum(target, LOWEST_LOGIT)
        set_by_ridge(getattr(student, layer), embedding, target)


@torch.inference_mode()
def _embeddings(
    student: Student, examples: list[Example], count: int = 300
) -> tuple[np.ndarray, list[Targets]]:
    """The student's embedding [N, D] of the rows of some examples that all teachers were asked
    about, and those examples' targets."""
    known = [example for example in examples if example.known_targets.asked.any()]
    order = np.random.default_rng(4).permutation(len(known))
    some = [known[place] for place in order[:count]]
    rows = []
    for example in some:
        mel_db = torch.from_numpy(from_bytes(example.mel))[None].to(student.presence.weight.device)
        asked = example.known_targets.asked[:, 0] > 0
        rows.append(student.eval().embedding(mel_db)[0].cpu().numpy()[asked])
    return np.concatenate(rows), [example.known_targets for example in some]


def begin(run: Run, examples: list[Example], inherited: str | None) -> None:
    """Before the first step: the backbone of a bundle, where one is named, and heads that fit."""
    if inherited is not None:
        mel_db = Crops(examples, rows=run.recipe.rows, seed=8).draw(96).mel_db
        shipped = EmotionNetworkModule.of(open_bundle(inherited)).to(run.device)
        inherit(run.student, shipped, torch.from_numpy(mel_db).to(run.device))
    set_heads(run.student, examples)
    run.averaged.load_state_dict(run.student.state_dict())


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
    queue: Queue[Batch] = Queue(maxsize=2)

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
    for name in ("data", "pool", "made", "prepared", "jamendo", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--inherit", help="the bundle to begin from: ear, or a folder")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--learning-rate", type=float, default=Recipe.learning_rate)
    parser.add_argument("--keep-picture", action="store_true", help="train the later layers alone")
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--float32", action="store_true", help="no bfloat16")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    items = all_items(options.data, options.pool, options.made)
    opinions = Opinions.load(options.data, options.jamendo)
    learned, watched = held_out(load_examples(items, options.prepared, opinions))
    scaling = Scaling.of(learned, COMPONENTS)
    recipe = Recipe(
        options.steps,
        learning_rate=options.learning_rate,
        bfloat16=not options.float32,
        keep_picture=options.keep_picture,
    )
    run = Run(options.out, recipe, options.device)
    hours = sum(example.rows for example in learned) / 7200
    print(f"{len(learned)} items, {hours:.1f} h to learn from; {len(watched)} watched", flush=True)

    learned, watched = ([each.scaled(scaling) for each in part] for part in (learned, watched))
    if run.step == 0:
        begin(run, learned, options.inherit)
    queue = fed(Crops(learned, rows=recipe.rows, seed=recipe.seed + run.step), recipe.batch)
    probe = Crops(watched, rows=recipe.rows, seed=99)
    watched_batches = [probe.draw(recipe.batch) for _ in range(4)]
    train(run, queue, watched_batches, options.minutes)


if __name__ == "__main__":
    main()
