"""Trains the two networks, step by step; a run that is resumed goes on as if never stopped."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from moodprint.errors import OptionError
from moodprint.generation.note_generator.networks import (
    DiscriminatorNetwork,
    GeneratorNetwork,
    enlarged,
    grown_blocks,
)
from moodprint.generation.note_generator.weights import FULL_BLOCKS, LATENT_SIZE
from recipes.note_generator import losses as criteria
from recipes.note_generator.losses import LossWeights
from recipes.note_generator.progressive_growing import Growth

LOSSES = ("wasserstein", "logistic")
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True)
class TrainingSettings:
    """All that a run is made of, beside its notes. The defaults are the paper's, but for the
    growth, which is shorter: the paper's is 800,000 images to fade and to settle.

    ``batch`` is that of the last two blocks; coarser ones, which are cheap, take up to
    ``largest_batch``. With the logistic loss ``penalty_every`` steps share one penalty.
    """

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
        if self.loss not in LOSSES or self.precision not in PRECISIONS:
            raise OptionError(
                f"the loss is one of {LOSSES} and the precision one of {PRECISIONS}, "
                f"not {self.loss!r} and {self.precision!r}"
            )
        if not 0 < self.batch <= self.largest_batch:
            raise OptionError(
                f"batches need 0 < batch <= largest_batch, not {self.batch}, {self.largest_batch}"
            )

    @property
    def size(self) -> tuple[int, int, int, bool]:
        return self.growth.blocks, self.base_filters, self.most_filters, self.guided

    def grown(self, images: int) -> int:
        """The blocks that have wholly faded in after so many images."""
        return int(self.growth.progress(images))

    def batch_at(self, progress: float) -> int:
        """The batch halves with each of the last blocks, down to ``batch``."""
        grown, _ = grown_blocks(progress, self.growth.blocks)
        doublings = max(0, self.growth.blocks - 1 - grown)
        return int(min(self.batch << doublings, self.largest_batch))


@dataclass(frozen=True)
class StepReport:
    """What a step did. ``images`` are those seen so far, ``losses`` the parts by name."""

    step: int
    images: int
    progress: float
    losses: dict[str, float]


class Trainer:
    """Holds the networks, their averages and their optimisers.

    ``melspecgrams`` [B, 2, 128, 1024] are normalised, ``pitches`` [B] count from 0 for MIDI 24;
    both are kept on ``device``. What is random in a step follows from the seed and the number
    of the step alone, so a trainer with a stored state goes on exactly as the first would have.
    """

    def __init__(
        self, settings: TrainingSettings, melspecgrams: Tensor, pitches: Tensor, device: str = "cpu"
    ) -> None:
        self.settings = settings
        self.device = torch.device(device)
        self._melspecgrams = melspecgrams.to(self.device)
        self._pitches = pitches.to(self.device)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            self.generator = GeneratorNetwork(*settings.size).to(self.device)
            self.critic = DiscriminatorNetwork(*settings.size[:3]).to(self.device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.generator_optimizer = self._optimizer(self.generator)
        self.critic_optimizer = self._optimizer(self.critic)
        self.step_number = 0
        self.images = 0

    @property
    def modules(self) -> dict[str, torch.nn.Module]:
        return {"generator": self.generator, "critic": self.critic, "average": self.average}

    @property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return {"generator": self.generator_optimizer, "critic": self.critic_optimizer}

    @property
    def progress(self) -> float:
        return self.settings.growth.progress(self.images)

    def step(self) -> StepReport:
        """One step of the critic, one of the generator, one of the average."""
        progress = self.progress
        batch = self.settings.batch_at(progress)
        random = torch.Generator(self.device)
        random.manual_seed(self.settings.seed * 1_000_003 + self.step_number)
        critic_loss = self._critic_step(progress, batch, random)
        generator_loss = self._generator_step(progress, batch, random)
        self._move_average()
        self.step_number += 1
        self.images += batch
        losses = {"critic": critic_loss.item(), "generator": generator_loss.item()}
        return StepReport(self.step_number, self.images, progress, losses)

    def _critic_step(self, progress: float, batch: int, random: torch.Generator) -> Tensor:
        chosen = self._chosen(batch, random)
        real = shrunk(self._melspecgrams[chosen].float(), progress, self.settings.growth.blocks)
        pitch = self._pitches[chosen]
        with torch.no_grad(), self._precision():
            fake, _ = self._fake(progress, batch, random)
        mix = torch.rand((batch, 1, 1, 1), generator=random, device=self.device)
        with self._precision():
            loss = self._critic_loss(progress, real, fake.float(), pitch, mix)
        _descend(self.critic_optimizer, loss)
        return loss.detach()

    def _critic_loss(
        self, progress: float, real: Tensor, fake: Tensor, pitch: Tensor, mix: Tensor
    ) -> Tensor:
        def critic(image: Tensor) -> tuple[Tensor, Tensor]:
            return self._criticised(image, progress)

        weights = self.settings.weights
        if self.settings.loss == "wasserstein":
            return criteria.wasserstein_critic_loss(critic, real, fake, pitch, mix, weights)
        every = self.settings.penalty_every
        penalize = every if self.step_number % every == 0 else 0
        return criteria.logistic_critic_loss(critic, real, fake, pitch, penalize, weights)

    def _generator_step(self, progress: float, batch: int, random: torch.Generator) -> Tensor:
        self.critic.requires_grad_(False)
        with self._precision():
            fake, pitch = self._fake(progress, batch, random)
            loss = _GENERATOR_LOSSES[self.settings.loss](
                lambda image: self._criticised(image, progress), fake, pitch, self.settings.weights
            )
        _descend(self.generator_optimizer, loss)
        self.critic.requires_grad_(True)
        return loss.detach()

    def _criticised(self, image: Tensor, progress: float) -> tuple[Tensor, Tensor]:
        realness, pitch = self.critic(image, progress)
        return realness, pitch

    def _fake(self, progress: float, batch: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Images at random latents, and their pitches, as frequent as among the notes."""
        latent = torch.randn((batch, LATENT_SIZE), generator=random, device=self.device)
        pitch = self._pitches[self._chosen(batch, random)]
        return self.generator(latent, pitch, progress), pitch

    def _chosen(self, batch: int, random: torch.Generator) -> Tensor:
        return torch.randint(len(self._pitches), (batch,), generator=random, device=self.device)

    def _move_average(self) -> None:
        share = 1 - self.settings.averaging
        pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
        with torch.no_grad():
            for mean, now in pairs:
                mean.lerp_(now, share)

    def _precision(self) -> torch.autocast:
        wanted = self.settings.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=wanted)

    def _optimizer(self, network: torch.nn.Module) -> torch.optim.Adam:
        rate = self.settings.learning_rate
        return torch.optim.Adam(network.parameters(), rate, betas=(0.0, 0.99), eps=1e-8)


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
