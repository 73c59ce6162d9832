"""Trains a generator to rebuild notes, each instrument from one point that is learned beside it.

Source: Bojanowski et al., Optimizing the Latent Space of Generative Networks (ICML 2018). There is
no critic, so it takes a small part of the time of adversarial training: hours of a CPU are enough
for notes that are in tune. All notes of an instrument share its point, so timbre lies in the
latent and pitch in the one-hot vector.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, cast

import torch
from torch import Tensor, nn

from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.note_generator.architecture import (
    FRAMES,
    FULL_BLOCKS,
    LATENT_SIZE,
    PITCHES,
    feature_counts,
)
from moodprint.generation.note_generator.network_torch import GeneratorBlock, GeneratorNetwork
from recipes.note_generator.reconstruction_loss import FORESEEN, ReconstructionLoss
from recipes.note_generator.trainer import (
    StepReport,
    Trainer,
    TrainingNotes,
    check_precision,
    move_average,
)

_ONSET_SHARE = 0.3
"""Of the steps look at the onset, for that is where most is new."""
_FIRST_OUTPUTS = 0.1
"""How strong the last layer is at first, beside the phase steps that guided networks add to it."""
_PITCH_SPREAD = 3.0
"""How much stronger than usual pitch enters at first, being one input beside 256."""
_BETAS = (0.9, 0.99)
"""Adam's; there is no critic to chase, so momentum helps."""
_NORM_FLOOR = 1e-8


@dataclass(frozen=True)
class ReconstructionSettings:
    """All that a run is made of, beside its notes.

    ``instruments`` are the names behind the points. Timbre lies in the first ``timbre_size`` of the
    256 latent values. A step sees ``frames`` of the 128 of each of ``batch`` notes. ``noise`` is
    how far around its point an instrument is heard, of a spread of 1 in all; the first layer
    learns ``first_rate`` times as fast as the others.
    """

    objective: ClassVar[str] = "reconstruct"
    aligns_phases: ClassVar[bool] = True

    instruments: tuple[str, ...]
    guided: bool = True
    base_filters: int = 1024
    most_filters: int = 64
    batch: int = 8
    frames: int = 16
    learning_rate: float = 3e-3
    first_rate: float = 4.0
    timbre_size: int = 8
    noise: float = 0.4
    phase_weight: float = 2.0
    averaging: float = 0.999
    precision: str = "float32"
    seed: int = 1

    def __post_init__(self) -> None:
        check_precision(self.precision)
        count = len(self.instruments)
        if count < 2:
            raise OptionError(f"rebuilding takes notes of 2 instruments or more, not {count}")
        if not 0 < self.timbre_size <= LATENT_SIZE:
            raise OptionError(f"timbre takes 1 to {LATENT_SIZE} values, not {self.timbre_size}")
        if not 0 <= self.noise < 1:
            raise OptionError(f"noise is from 0 to below 1, not {self.noise:g}")
        if self.batch < 1:
            raise OptionError(f"a step takes 1 note or more, not {self.batch}")
        if not 0 < self.frames <= FRAMES:
            raise OptionError(f"a step sees 1 to {FRAMES} frames of a note, not {self.frames}")

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The settings that ``dataclasses.asdict`` gave."""
        return cls(**{**fields, "instruments": tuple(fields["instruments"])})

    def network(self, blocks: int | None = None) -> GeneratorNetwork:
        """A generator of these settings, its first blocks alone where a number is given."""
        features = feature_counts(FULL_BLOCKS, self.base_filters, self.most_filters)
        return GeneratorNetwork(features[:blocks], self.guided)

    def trainer(self, notes: TrainingNotes, device: str = "cpu") -> ReconstructionTrainer:
        """A trainer at its first step; the notes are of the settings' instruments."""
        return ReconstructionTrainer(self, notes, device)

    def grown(self, images: int) -> int:
        """The blocks that are ready to be used: all of them, from the start on."""
        del images
        return FULL_BLOCKS

    def instrument_points(self, tensors: Mapping[str, Tensor]) -> dict[str, FloatArray]:
        """The averaged points [D] of the instruments in a trainer's state, by name."""
        points = InstrumentPoints(len(self.instruments), self.timbre_size)
        points.load_state_dict({"places": tensors["average_points.places"]})
        places: FloatArray = points().detach().numpy()
        return dict(zip(self.instruments, places, strict=True))


class InstrumentPoints(nn.Module):
    """One point of the space of instruments each, [I, D], learned."""

    def __init__(self, instruments: int, size: int) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.randn(instruments, size))

    def forward(self) -> Tensor:
        """The points at zero mean and unit variance, as those drawn at random are."""
        centred = self.places - self.places.mean(0)
        return centred * torch.rsqrt(centred.square().mean(0) + _NORM_FLOOR)


class ReconstructionTrainer(Trainer):
    """Steps of a generator and the points of its instruments together."""

    settings: ReconstructionSettings

    def __init__(
        self, settings: ReconstructionSettings, notes: TrainingNotes, device: str = "cpu"
    ) -> None:
        super().__init__(notes, settings.seed, settings.precision, device)
        self.settings = settings
        numbers = [settings.instruments.index(label.full_name) for label in notes.labels]
        self._instruments = torch.tensor(numbers).to(self.device)
        self._loss = ReconstructionLoss(notes.normalizer, settings.phase_weight, self.device)
        self._loudest = self._melspecgrams[:, 0].amax((1, 2)).float()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            self.generator = settings.network().to(self.device)
            self.points = InstrumentPoints(len(settings.instruments), settings.timbre_size)
        self.points.to(self.device)
        self.generator.to(memory_format=torch.channels_last)  # twice as quick on a CPU
        _prepare_inputs(self._first_weight, settings.timbre_size)
        if settings.guided:
            _hold_back_outputs(self.generator)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.average_points = copy.deepcopy(self.points).requires_grad_(False)
        self.modules = {
            "generator": self.generator,
            "points": self.points,
            "average": self.average,
            "average_points": self.average_points,
        }
        self.optimizers = {"optimizer": self._optimizer()}

    def step(self) -> StepReport:
        """One step on a batch of notes, and one of the averages."""
        random = self._step_random()
        chosen = self._chosen(self.settings.batch, random)
        magnitude, phase = self._losses(chosen, self._first_frame(random), random)
        optimizer = self.optimizers["optimizer"]
        optimizer.zero_grad(set_to_none=True)
        (magnitude + phase).backward()
        grad = self._first_weight.grad
        if grad is not None:
            grad[:, self.settings.timbre_size : LATENT_SIZE] = 0
        optimizer.step()
        self._move_averages()
        self.step_number += 1
        self.images += self.settings.batch
        losses = {"magnitude": magnitude.item(), "phase": phase.item()}
        return StepReport(self.step_number, self.images, FULL_BLOCKS, losses)

    def _losses(self, chosen: Tensor, first: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        frames = self.settings.frames
        latent = self._latent(chosen, random)
        wanted = self._melspecgrams[chosen, :, first : first + frames + FORESEEN].float()
        with self._autocast():
            output = self.generator.window(latent, self._pitches[chosen], first, frames)
        return self._loss(output.float(), wanted, self._loudest[chosen])

    def _latent(self, chosen: Tensor, random: torch.Generator) -> Tensor:
        """Points of the notes' instruments and noise, [B, 256], of unit variance together."""
        noise = self.settings.noise
        latent = torch.randn((len(chosen), LATENT_SIZE), generator=random, device=self.device)
        points = self.points()[self._instruments[chosen]]
        timbre = math.sqrt(1 - noise**2) * points + noise * latent[:, : points.shape[1]]
        return torch.cat([timbre, latent[:, points.shape[1] :]], 1)

    def _first_frame(self, random: torch.Generator) -> int:
        """Where a step looks."""
        onset, place = torch.rand(2, generator=random, device=self.device).tolist()
        return 0 if onset < _ONSET_SHARE else int(place * (FRAMES - self.settings.frames + 1))

    def _move_averages(self) -> None:
        """The average is quick at first, so that it soon forgets where training began."""
        share = 1 - min(self.settings.averaging, (1 + self.step_number) / (10 + self.step_number))
        move_average(self.average, self.generator, share)
        move_average(self.average_points, self.points, share)

    @property
    def _first_weight(self) -> Tensor:
        return cast(GeneratorBlock, self.generator.blocks[0]).conv0.weight

    def _optimizer(self) -> torch.optim.Adam:
        rate = self.settings.learning_rate
        first = self._first_weight
        others = [p for p in self.generator.parameters() if p is not first]
        quick = [first, *self.points.parameters()]
        groups = [
            {"params": quick, "lr": rate * self.settings.first_rate},
            {"params": others, "lr": rate},
        ]
        return torch.optim.Adam(groups, betas=_BETAS, eps=1e-8)


def _prepare_inputs(weight: Tensor, timbre_size: int) -> None:
    """Let pitch be heard from the start, and of the latent the timbre alone."""
    with torch.no_grad():
        weight[:, -PITCHES:] *= _PITCH_SPREAD
        weight[:, timbre_size:LATENT_SIZE] = 0


def _hold_back_outputs(generator: GeneratorNetwork) -> None:
    """Let the phase steps that a guided generator is told be heard from the start."""
    with torch.no_grad():
        cast(GeneratorBlock, generator.blocks[-1]).to_rgb.weight *= _FIRST_OUTPUTS
