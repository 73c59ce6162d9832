"""Trains a generator against a critic, as GANSynth was, block by block."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import torch
from torch import Tensor
from torch.nn import functional

from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.note_generator.architecture import (
    FULL_BLOCKS,
    LATENT_SIZE,
    feature_counts,
)
from moodprint.generation.note_generator.network_torch import (
    GeneratorNetwork,
    enlarged,
    grown_blocks,
)
from recipes.note_generator import losses as criteria
from recipes.note_generator.critic import CriticNetwork
from recipes.note_generator.losses import LossWeights
from recipes.note_generator.progressive_growing import Growth
from recipes.note_generator.trainer import (
    StepReport,
    Trainer,
    TrainingNotes,
    check_precision,
    move_average,
)

LOSSES = ("wasserstein", "logistic")

_BETAS = (0.0, 0.99)
"""Adam's, as in the paper: no momentum, which lets critic and generator circle one another."""


@dataclass(frozen=True)
class AdversarialSettings:
    """All that a run is made of, beside its notes. The defaults are the paper's, but for the
    growth, which is shorter: the paper's is 800,000 images to fade and to settle.

    ``batch`` is that of the last two blocks; coarser ones, which are cheap, take up to
    ``largest_batch``. With the logistic loss ``penalty_every`` steps share one penalty.
    """

    objective: ClassVar[str] = "adversarial"
    aligns_phases: ClassVar[bool] = False

    growth: Growth = field(default_factory=lambda: Growth(FULL_BLOCKS, 60_000, 60_000))
    guided: bool = False
    base_filters: int = 4096
    most_filters: int = 256
    batch: int = 8
    largest_batch: int = 32
    learning_rate: float = 8e-4
    averaging: float = 0.999
    loss: str = "wasserstein"
    weights: LossWeights = field(default_factory=LossWeights)
    penalty_every: int = 8
    precision: str = "float32"
    seed: int = 1

    def __post_init__(self) -> None:
        check_precision(self.precision)
        if self.loss not in LOSSES:
            raise OptionError(f"the loss is one of {', '.join(LOSSES)}, not {self.loss!r}")
        if not 0 < self.batch <= self.largest_batch:
            raise OptionError(
                f"batches need 0 < batch <= largest_batch, not {self.batch}, {self.largest_batch}"
            )

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The settings that ``dataclasses.asdict`` gave."""
        parts = {
            "growth": Growth(**fields["growth"]),
            "weights": LossWeights(**fields["weights"]),
        }
        return cls(**{**fields, **parts})

    @property
    def features(self) -> tuple[int, ...]:
        """Those of each block."""
        return feature_counts(self.growth.blocks, self.base_filters, self.most_filters)

    def network(self, blocks: int | None = None) -> GeneratorNetwork:
        """A generator of these settings, its first blocks alone where a number is given."""
        return GeneratorNetwork(self.features[:blocks], self.guided)

    def trainer(self, notes: TrainingNotes, device: str = "cpu") -> AdversarialTrainer:
        """A trainer at its first step."""
        return AdversarialTrainer(self, notes, device)

    def grown(self, images: int) -> int:
        """The blocks that have wholly faded in after so many images."""
        return int(self.growth.progress(images))

    def instrument_points(self, tensors: Mapping[str, Tensor]) -> dict[str, FloatArray]:
        """None: a generator that learns against a critic has no instruments but random ones."""
        del tensors
        return {}

    def batch_at(self, progress: float) -> int:
        """The batch halves with each of the last blocks, down to ``batch``."""
        grown, _ = grown_blocks(progress, self.growth.blocks)
        doublings = max(0, self.growth.blocks - 1 - grown)
        return min(self.batch << doublings, self.largest_batch)


class AdversarialTrainer(Trainer):
    """Steps of a generator and its critic in turn."""

    settings: AdversarialSettings

    def __init__(
        self, settings: AdversarialSettings, notes: TrainingNotes, device: str = "cpu"
    ) -> None:
        super().__init__(notes, settings.seed, settings.precision, device)
        self.settings = settings
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            self.generator = settings.network().to(self.device)
            self.critic = CriticNetwork(settings.features).to(self.device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.modules = {
            "generator": self.generator,
            "critic": self.critic,
            "average": self.average,
        }
        self.optimizers = {
            "generator": self._optimizer(self.generator),
            "critic": self._optimizer(self.critic),
        }

    @property
    def progress(self) -> float:
        """Blocks grown so far."""
        return self.settings.growth.progress(self.images)

    def step(self) -> StepReport:
        """One step of the critic, one of the generator, one of the average."""
        progress = self.progress
        batch = self.settings.batch_at(progress)
        random = self._step_random()
        critic_loss = self._critic_step(progress, batch, random)
        generator_loss = self._generator_step(progress, batch, random)
        move_average(self.average, self.generator, 1 - self.settings.averaging)
        self.step_number += 1
        self.images += batch
        losses = {"critic": critic_loss.item(), "generator": generator_loss.item()}
        return StepReport(self.step_number, self.images, progress, losses)

    def _critic_step(self, progress: float, batch: int, random: torch.Generator) -> Tensor:
        chosen = self._chosen(batch, random)
        real = shrunk(self._melspecgrams[chosen].float(), progress, self.settings.growth.blocks)
        pitch = self._pitches[chosen]
        with torch.no_grad(), self._autocast():
            fake, _ = self._fake(progress, batch, random)
        mix = torch.rand((batch, 1, 1, 1), generator=random, device=self.device)
        with self._autocast():
            loss = self._critic_loss(progress, real, fake.float(), pitch, mix)
        _descend(self.optimizers["critic"], loss)
        return loss.detach()

    def _critic_loss(
        self, progress: float, real: Tensor, fake: Tensor, pitch: Tensor, mix: Tensor
    ) -> Tensor:
        def critic(image: Tensor) -> tuple[Tensor, Tensor]:
            return self.critic(image, progress)

        weights = self.settings.weights
        if self.settings.loss == "wasserstein":
            return criteria.wasserstein_critic_loss(critic, real, fake, pitch, mix, weights)
        every = self.settings.penalty_every
        penalize = every if self.step_number % every == 0 else 0
        return criteria.logistic_critic_loss(critic, real, fake, pitch, penalize, weights)

    def _generator_step(self, progress: float, batch: int, random: torch.Generator) -> Tensor:
        self.critic.requires_grad_(False)
        with self._autocast():
            fake, pitch = self._fake(progress, batch, random)
            loss = _GENERATOR_LOSSES[self.settings.loss](
                lambda image: self.critic(image, progress), fake, pitch, self.settings.weights
            )
        _descend(self.optimizers["generator"], loss)
        self.critic.requires_grad_(True)
        return loss.detach()

    def _fake(self, progress: float, batch: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Images at random latents, and their pitches, as frequent as among the notes."""
        latent = torch.randn((batch, LATENT_SIZE), generator=random, device=self.device)
        pitch = self._pitches[self._chosen(batch, random)]
        return self.generator(latent, pitch, progress), pitch

    def _optimizer(self, network: torch.nn.Module) -> torch.optim.Adam:
        rate = self.settings.learning_rate
        return torch.optim.Adam(network.parameters(), rate, betas=_BETAS, eps=1e-8)


_GENERATOR_LOSSES = {
    "wasserstein": criteria.wasserstein_generator_loss,
    "logistic": criteria.logistic_generator_loss,
}


def shrunk(image: Tensor, progress: float, blocks: int) -> Tensor:
    """Melspecgrams at the resolution grown so far; while a block fades in, so do its details."""
    grown, fade = grown_blocks(progress, blocks)
    factor = 2 ** (FULL_BLOCKS - grown)
    image = functional.avg_pool2d(image, factor) if factor > 1 else image
    if fade < 1:
        image = torch.lerp(enlarged(functional.avg_pool2d(image, 2), 2), image, fade)
    return image


def _descend(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
