"""A pretrained network learns the labels of a dataset; a run that was stopped goes on."""

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
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.registry import backbone_class
from moodprint.fine_tuning.training_data import TrainingData
from moodprint.outputs import AnyPath

_STATE, _BEST = "last.pt", "best"

_WEIGHT_DECAY = 0.01
"""AdamW's usual one (Loshchilov and Hutter 2019)."""
_LARGEST_GRADIENT = 1.0
"""The norm that gradients are cut down to, as transformers are trained: one odd batch does not
throw the network far."""


@dataclass(frozen=True)
class FineTuned:
    """``folder`` holds the best epoch in the format of the backbone; ``history`` the loss and the
    UAR of each epoch on the fold's test side, by which the best was chosen."""

    folder: Path
    best_epoch: int
    history: tuple[dict[str, float], ...]


def fine_tune(
    data: TrainingData,
    fold: Fold,
    options: FineTuningOptions,
    out: AnyPath,
    progress: Progress = no_progress,
) -> FineTuned:
    """Learn on ``fold.train``; stop and choose by ``fold.test``, which so is no fair test.

    All is kept in ``out`` after each epoch: a run that was stopped goes on from there, to the same
    weights as one that was not.

    Raises:
        MissingExtraError, MissingWeightsError: a package or the checkpoint is missing.
        OptionError: a network that cannot be fine-tuned, or ``out`` was begun with other options.
        BundleError: what is in ``out`` cannot be read.
    """
    out = Path(out)
    run = _Run(data, fold, options, out)
    run.resume()
    while not run.ended:
        run.epoch()
        run.keep()
        progress("epochs", len(run.history), options.epochs)
    return FineTuned(out / _BEST, run.best_epoch, tuple(run.history))


class _Run:
    """A network in training, with all that decides how it goes on."""

    def __init__(
        self, data: TrainingData, fold: Fold, options: FineTuningOptions, out: Path
    ) -> None:
        self._backbone = backbone_class(options.checkpoint)(options, data.labels)
        import torch

        self.history: list[dict[str, float]] = []
        self._data, self._fold, self._options, self._out = data, fold, options, out
        self._rate = options.learning_rate or self._backbone.learning_rate
        self._begun_with = self._identity()
        learning = [p for p in self._backbone.network.parameters() if p.requires_grad]
        self._optimiser = torch.optim.AdamW(learning, lr=self._rate, weight_decay=_WEIGHT_DECAY)
        counts = np.bincount(data.truth[fold.train], minlength=len(data.labels))
        even = len(fold.train) / (len(counts) * np.maximum(counts, 1))
        self._weights = torch.tensor(even, dtype=torch.float32, device=options.device)

    @property
    def best_epoch(self) -> int:
        """The number of the epoch of the best UAR, the first of equals."""
        return int(np.argmax([each["uar"] for each in self.history]))

    @property
    def ended(self) -> bool:
        """Whether all epochs are done, or nothing became better for too long."""
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
        self._backbone.network.train()
        steps = -(-len(self._fold.train) // self._options.batch)
        for step, (rows, places) in enumerate(self._batches(number), number * steps):
            rate = self._rate * self._options.rate_share(step, self._options.epochs * steps)
            losses.append(self._step(rows, places, rate))
        test = self._fold.test
        found = uar(self._data.truth[test], self._scores(test).argmax(axis=1))
        self.history.append({"loss": float(np.mean(losses)), "uar": found})

    def keep(self) -> None:
        """Write the best network and the state to go on from; the state comes last, at once."""
        import torch

        self._out.mkdir(parents=True, exist_ok=True)
        if self.best_epoch == len(self.history) - 1:
            self._backbone.save(self._out / _BEST)
        state = {
            "begun_with": self._begun_with,
            "history": self.history,
            "network": self._backbone.network.state_dict(),
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
        self._backbone.network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])

    def _identity(self) -> str:
        """All that decides the weights: a run that was begun with anything else is another."""
        options = {**asdict(self._options), "checkpoint": "", "device": ""}
        clips = [(e.path.name, e.start_s, e.end_s) for e in self._data.excerpts]
        learned = (self._data.truth.tolist(), list(self._data.labels))
        sides = (self._fold.train.tolist(), self._fold.test.tolist())
        begun_with = [options, self._rate, self._backbone.fingerprint, clips, *learned, *sides]
        return json.dumps(begun_with)

    def _batches(self, number: int) -> Iterator[tuple[IntArray, list[float]]]:
        """Rows in an order of the epoch's own, each with the place of the part to be taken."""
        rng = np.random.default_rng([self._options.seed, number])
        order = rng.permutation(self._fold.train)
        for first in range(0, len(order), self._options.batch):
            rows = order[first : first + self._options.batch]
            yield rows, rng.random(len(rows)).tolist()

    def _step(self, rows: IntArray, places: list[float], rate: float) -> float:
        import torch

        device, network = self._options.device, self._backbone.network
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        with _mixed(device):
            logits = self._backbone.logits(self._excerpts(rows), places)
            truth = torch.from_numpy(self._data.truth[rows]).to(device)
            loss = torch.nn.functional.cross_entropy(logits.float(), truth, self._weights)
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _LARGEST_GRADIENT)
        self._optimiser.step()
        return float(loss.detach())

    def _scores(self, rows: IntArray) -> Float64Array:
        import torch

        self._backbone.network.eval()
        parts = []
        with torch.inference_mode(), _mixed(self._options.device):
            for first in range(0, len(rows), self._options.batch):
                excerpts = self._excerpts(rows[first : first + self._options.batch])
                logits = self._backbone.logits(excerpts, [0.5] * len(excerpts))
                parts.append(logits.float().cpu().numpy())
        return np.concatenate(parts).astype(np.float64)

    def _excerpts(self, rows: IntArray) -> Sequence[Excerpt]:
        return [self._data.excerpts[row] for row in rows]


def _mixed(device: str) -> Any:
    import torch

    return torch.autocast(device.split(":")[0], torch.bfloat16, enabled=device.startswith("cuda"))
