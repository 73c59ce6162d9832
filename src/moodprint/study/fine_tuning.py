"""HuBERT or wav2vec 2.0 taught the labels of a study, from any checkpoint of either.

The convolutional front end stays as it is, all transformer layers and a classification head learn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.decode import decode
from moodprint.clip import FloatArray
from moodprint.errors import BundleError, OptionError
from moodprint.evaluation import Fold, uar
from moodprint.evaluation.checks import Float64Array, IntArray
from moodprint.features.matrix import Excerpt
from moodprint.features.speech_checkpoint import (
    SAMPLE_RATE_HZ,
    find_checkpoint,
    normalises,
    weights_hash,
)
from moodprint.study.extract import Tell, untold

_STATE, _BEST = "last.pt", "best"
_SHORTEST = 1600


@dataclass(frozen=True)
class FineTuning:
    """How to learn. ``longest_s`` is how much of a clip is heard at once: a random part when
    learning, the middle when judged. The rate of learning rises over ``warmup_share`` of all steps
    and then falls to 0; after ``patience`` epochs without a better UAR it ends. Mixed precision
    (bfloat16) is used on a GPU.
    """

    checkpoint: str
    epochs: int = 20
    batch: int = 8
    learning_rate: float = 3e-5
    warmup_share: float = 0.1
    patience: int = 4
    longest_s: float = 10.0
    device: str = "cpu"
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch, self.patience) < 1 or self.longest_s <= 0:
            raise OptionError("fine-tuning takes 1 or more epochs, clips a batch and patience")
        if self.learning_rate <= 0 or not 0 <= self.warmup_share < 1:
            raise OptionError("fine-tuning takes a learning rate above 0 and a warm-up below 1")

    def rate_at(self, step: int, steps: int) -> float:
        """The learning rate of a step of so many."""
        warm = max(1, round(self.warmup_share * steps))
        if step < warm:
            return self.learning_rate * (step + 1) / warm
        return self.learning_rate * (steps - step) / max(1, steps - warm)


@dataclass(frozen=True)
class Lessons:
    """Clips with class numbers [N] in 0..K-1, named by ``labels``."""

    excerpts: Sequence[Excerpt]
    truth: IntArray
    labels: Sequence[str]


@dataclass(frozen=True)
class FineTuned:
    """``folder`` holds the best epoch in the format of transformers; ``history`` the loss and the
    UAR of each epoch on the fold's test side, by which the best was chosen."""

    folder: Path
    best_epoch: int
    history: tuple[dict[str, float], ...]


def fine_tune(
    lessons: Lessons, fold: Fold, options: FineTuning, out: Path, tell: Tell = untold
) -> FineTuned:
    """Learn on ``fold.train``; stop and choose by ``fold.test``, which so is no fair judge.

    All is kept in ``out`` after each epoch: a run that was stopped goes on from there, to the same
    weights as one that was not.

    Raises:
        MissingExtraError, MissingWeightsError: torch, transformers or the checkpoint is missing.
        OptionError: ``out`` was begun with other options. BundleError: it cannot be read.
    """
    run = _Run(lessons, fold, options, find_checkpoint(options.checkpoint), out)
    run.resume()
    while not run.ended:
        run.epoch()
        run.keep()
        tell("epochs", len(run.history), options.epochs)
    return FineTuned(out / _BEST, run.best_epoch, tuple(run.history))


def scores_of(folder: Path, excerpts: Sequence[Excerpt], options: FineTuning) -> Float64Array:
    """The logits [N, K] of a fine-tuned network for clips."""
    from transformers import AutoModelForAudioClassification

    network = AutoModelForAudioClassification.from_pretrained(folder, local_files_only=True)
    return _scores(network.to(options.device), excerpts, options, _normalising(options))


class _Run:
    """A network in training, with all that decides how it goes on."""

    def __init__(
        self, lessons: Lessons, fold: Fold, options: FineTuning, checkpoint: Path, out: Path
    ) -> None:
        import torch
        from transformers import AutoModelForAudioClassification

        self.history: list[dict[str, float]] = []
        self._lessons, self._fold, self._options, self._out = lessons, fold, options, out
        told = [asdict(options), weights_hash(checkpoint), fold.train.tolist(), fold.test.tolist()]
        told[0].update(checkpoint="", device="")
        self._begun_with = json.dumps([*told, lessons.truth.tolist(), list(lessons.labels)])
        torch.manual_seed(options.seed)
        self._network = AutoModelForAudioClassification.from_pretrained(
            checkpoint,
            local_files_only=True,
            num_labels=len(lessons.labels),
            id2label=dict(enumerate(lessons.labels)),
            label2id={label: number for number, label in enumerate(lessons.labels)},
        ).to(options.device)
        self._network.freeze_feature_encoder()
        learning = [p for p in self._network.parameters() if p.requires_grad]
        self._optimiser = torch.optim.AdamW(learning, lr=options.learning_rate, weight_decay=0.01)
        self._normalise = normalises(checkpoint)
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
        self._network.train()
        steps = -(-len(self._fold.train) // self._options.batch)
        for step, (batch, truth) in enumerate(self._batches(number), number * steps):
            rate = self._options.rate_at(step, self._options.epochs * steps)
            losses.append(self._step(batch, truth, rate))
        test = self._fold.test
        excerpts = [self._lessons.excerpts[row] for row in test]
        scores = _scores(self._network, excerpts, self._options, self._normalise)
        found = uar(self._lessons.truth[test], scores.argmax(axis=1))
        self.history.append({"loss": float(np.mean(losses)), "uar": found})

    def keep(self) -> None:
        """Write the best network and the state to go on from; the state comes last, at once."""
        import torch

        self._out.mkdir(parents=True, exist_ok=True)
        if self.best_epoch == len(self.history) - 1:
            self._network.save_pretrained(self._out / _BEST)
        state = {
            "begun_with": self._begun_with,
            "history": self.history,
            "network": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }
        draft = self._out / f"{_STATE}.part"
        torch.save(state, draft)
        draft.replace(self._out / _STATE)

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
        self._network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])

    def _batches(self, number: int) -> Iterator[tuple[FloatArray, IntArray]]:
        rng = np.random.default_rng([self._options.seed, number])
        order = rng.permutation(self._fold.train)
        for first in range(0, len(order), self._options.batch):
            rows = order[first : first + self._options.batch]
            clips = [self._lessons.excerpts[row] for row in rows]
            places = rng.random(len(rows)).tolist()
            yield _heard(clips, places, self._options, self._normalise), self._lessons.truth[rows]

    def _step(self, batch: FloatArray, truth: IntArray, rate: float) -> float:
        import torch

        device = self._options.device
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        with _mixed(device):
            logits = self._network(torch.from_numpy(batch).to(device)).logits
            loss = torch.nn.functional.cross_entropy(
                logits.float(), torch.from_numpy(truth).to(device), self._weights
            )
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimiser.step()
        return float(loss.detach())


def _mixed(device: str) -> Any:
    import torch

    return torch.autocast(device.split(":")[0], torch.bfloat16, enabled=device.startswith("cuda"))


def _normalising(options: FineTuning) -> bool:
    return normalises(find_checkpoint(options.checkpoint))


def _scores(
    network: Any, excerpts: Sequence[Excerpt], options: FineTuning, normalise: bool
) -> Float64Array:
    import torch

    network.eval()
    told = []
    with torch.inference_mode(), _mixed(options.device):
        for first in range(0, len(excerpts), options.batch):
            clips = excerpts[first : first + options.batch]
            batch = _heard(clips, [0.5] * len(clips), options, normalise)
            logits = network(torch.from_numpy(batch).to(options.device)).logits
            told.append(logits.float().cpu().numpy())
    return np.concatenate(told).astype(np.float64)


def _heard(
    excerpts: Sequence[Excerpt], places: Sequence[float], options: FineTuning, normalise: bool
) -> FloatArray:
    """Parts of clips [B, N], filled up with silence; place 0 is the first part, 1 the last."""
    size = round(options.longest_s * SAMPLE_RATE_HZ)
    parts = []
    for excerpt, place in zip(excerpts, places, strict=True):
        clip = decode(
            excerpt.path,
            sample_rate_hz=SAMPLE_RATE_HZ,
            mono=True,
            start_s=excerpt.start_s,
            stop_s=excerpt.end_s,
        ).mono
        start = int(place * max(0, len(clip) - size))
        part = clip[start : start + size]
        if normalise:
            part = (part - part.mean()) / np.sqrt(part.var() + 1e-7)
        parts.append(part)
    longest = max(_SHORTEST, *(len(part) for part in parts))
    return np.stack([np.pad(part, (0, longest - len(part))) for part in parts])
