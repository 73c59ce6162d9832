"""A pretrained network is taught the labels of a study; a run that was stopped goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.engine import Progress, no_progress
from moodprint.errors import BundleError, OptionError
from moodprint.evaluation import Fold, uar
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.files import atomic_file
from moodprint.fine_tuning.backbone import pupil_of
from moodprint.fine_tuning.training_data import FineTuning, Lessons

_STATE, _BEST = "last.pt", "best"


@dataclass(frozen=True)
class FineTuned:
    """``folder`` holds the best epoch in the format of the pupil; ``history`` the loss and the
    UAR of each epoch on the fold's test side, by which the best was chosen."""

    folder: Path
    best_epoch: int
    history: tuple[dict[str, float], ...]


def fine_tune(
    lessons: Lessons, fold: Fold, options: FineTuning, out: Path, progress: Progress = no_progress
) -> FineTuned:
    """Learn on ``fold.train``; stop and choose by ``fold.test``, which so is no fair judge.

    All is kept in ``out`` after each epoch: a run that was stopped goes on from there, to the same
    weights as one that was not.

    Raises:
        MissingExtraError, MissingWeightsError: a package or the checkpoint is missing.
        OptionError: ``out`` was begun with other options. BundleError: it cannot be read.
    """
    run = _Run(lessons, fold, options, out)
    run.resume()
    while not run.ended:
        run.epoch()
        run.keep()
        progress("epochs", len(run.history), options.epochs)
    return FineTuned(out / _BEST, run.best_epoch, tuple(run.history))


class _Run:
    """A network in training, with all that decides how it goes on."""

    def __init__(self, lessons: Lessons, fold: Fold, options: FineTuning, out: Path) -> None:
        self._pupil = pupil_of(options, lessons)
        import torch

        self.history: list[dict[str, float]] = []
        self._lessons, self._fold, self._options, self._out = lessons, fold, options, out
        self._rate = options.learning_rate or self._pupil.learning_rate
        told = {**asdict(options), "checkpoint": "", "device": "", "learning_rate": self._rate}
        sides = (fold.train.tolist(), fold.test.tolist())
        learned = (lessons.truth.tolist(), list(lessons.labels))
        self._begun_with = json.dumps([told, self._pupil.fingerprint, *sides, *learned])
        learning = [p for p in self._pupil.network.parameters() if p.requires_grad]
        self._optimiser = torch.optim.AdamW(learning, lr=self._rate, weight_decay=0.01)
        counts = np.bincount(lessons.truth[fold.train], minlength=len(lessons.labels))
        even = len(fold.train) / (len(counts) * np.maximum(counts, 1))
        self._weights = torch.tensor(even, dtype=torch.float32, device=options.device)

    @property
    def best_epoch(self) -> int:
        return int(np.argmax([each["uar"] for each in self.history]))

    @property
    def ended(self) -> bool:
        done = len(self.history)
        waited = done - 1 - self.best_epoch if done else 0
        return done >= self._options.epochs or waited >= self._options.patience

    def epoch(self) -> None:
        """One pass over the training side, then a look at the test side."""
        import torch

        number, losses = len(self.history), []
        # Dropout and masking draw from the global generators; so an epoch depends on its number
        # alone, and not on what ran before it.
        torch.manual_seed(self._options.seed * 1000 + number)
        np.random.seed(self._options.seed * 1000 + number)  # noqa: NPY002
        self._pupil.network.train()
        steps = -(-len(self._fold.train) // self._options.batch)
        for step, (rows, places) in enumerate(self._batches(number), number * steps):
            rate = self._rate * self._options.pace_at(step, self._options.epochs * steps)
            losses.append(self._step(rows, places, rate))
        test = self._fold.test
        found = uar(self._lessons.truth[test], self._scores(test).argmax(axis=1))
        self.history.append({"loss": float(np.mean(losses)), "uar": found})

    def keep(self) -> None:
        """Write the best network and the state to go on from; the state comes last, at once."""
        import torch

        self._out.mkdir(parents=True, exist_ok=True)
        if self.best_epoch == len(self.history) - 1:
            self._pupil.save(self._out / _BEST)
        state = {
            "begun_with": self._begun_with,
            "history": self.history,
            "network": self._pupil.network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }
        with atomic_file(self._out / _STATE) as file:
            torch.save(state, file)

    def resume(self) -> None:
        """Go on from what is kept, if anything is."""
        import torch

        path = self._out / _STATE
        if not path.is_file():
            return
        try:
            # Tensors and plain values alone: nothing in the file is run.
            state = torch.load(path, weights_only=True, map_location=self._options.device)
        except Exception as error:  # of many kinds, none documented
            raise BundleError(f"{path}: cannot be read; remove it to begin anew") from error
        if state["begun_with"] != self._begun_with:
            raise OptionError(f"{self._out}: was begun with other options, clips or weights")
        self.history = list(state["history"])
        self._pupil.network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])

    def _batches(self, number: int) -> Iterator[tuple[IntArray, list[float]]]:
        """Rows in an order of the epoch's own, each with the place of the part to be heard."""
        rng = np.random.default_rng([self._options.seed, number])
        order = rng.permutation(self._fold.train)
        for first in range(0, len(order), self._options.batch):
            rows = order[first : first + self._options.batch]
            yield rows, rng.random(len(rows)).tolist()

    def _step(self, rows: IntArray, places: list[float], rate: float) -> float:
        import torch

        device, network = self._options.device, self._pupil.network
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        with _mixed(device):
            logits = self._pupil.logits(self._excerpts(rows), places)
            truth = torch.from_numpy(self._lessons.truth[rows]).to(device)
            loss = torch.nn.functional.cross_entropy(logits.float(), truth, self._weights)
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        self._optimiser.step()
        return float(loss.detach())

    def _scores(self, rows: IntArray) -> Float64Array:
        import torch

        self._pupil.network.eval()
        told = []
        with torch.inference_mode(), _mixed(self._options.device):
            for first in range(0, len(rows), self._options.batch):
                excerpts = self._excerpts(rows[first : first + self._options.batch])
                logits = self._pupil.logits(excerpts, [0.5] * len(excerpts))
                told.append(logits.float().cpu().numpy())
        return np.concatenate(told).astype(np.float64)

    def _excerpts(self, rows: IntArray) -> Sequence[Excerpt]:
        return [self._lessons.excerpts[row] for row in rows]


def _mixed(device: str) -> Any:
    import torch

    return torch.autocast(device.split(":")[0], torch.bfloat16, enabled=device.startswith("cuda"))
