"""Trains a generator to rebuild notes, each instrument from one point that is learned beside it.

Source: Bojanowski et al., Optimizing the Latent Space of Generative Networks (ICML 2018). There is
no critic, so it takes a small part of the time of adversarial training: hours of a CPU are enough
for notes that are in tune. All notes of an instrument share its point, so timbre lies in the
latent and pitch in the one-hot vector.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.errors import OptionError
from moodprint.generation.note_generator.mel import mel_from_linear
from moodprint.generation.note_generator.networks import GeneratorBlock, GeneratorNetwork
from moodprint.generation.note_generator.weights import (
    FULL_BLOCKS,
    LATENT_SIZE,
    PITCHES,
    Normalizer,
)
from recipes.note_generator.trainer import PRECISIONS, StepReport

_AUDIBLE_DB = 60.0
_FRAMES = 128
_FORESEEN = 4
"""Phases count from this many frames before their partial sounds: its first ones set it off."""
_ONSET_SHARE = 0.3
_QUIET_WEIGHT = 0.025
_BALANCE = 4.0
"""What brings the magnitudes' part to the order of that of the phases."""
_FIRST_OUTPUTS = 0.1
_PITCH_SPREAD = 3.0
"""How much stronger than usual pitch enters at first, being one input beside 256."""


@dataclass(frozen=True)
class ReconstructionSettings:
    """All that a run is made of, beside its notes.

    ``instruments`` are the names behind the points. Timbre lies in the first ``timbre_size`` of the
    256 latent values. A step sees ``frames`` of the 128 of each of ``batch`` notes. ``noise`` is
    how far around its point an instrument is heard, of a spread of 1 in all; the first layer
    learns ``first_rate`` times as fast as the others.
    """

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
        if len(self.instruments) < 2 or self.precision not in PRECISIONS:
            raise OptionError(
                "rebuilding takes notes of 2 instruments or more, and a precision of "
                f"{PRECISIONS}, not {len(self.instruments)} and {self.precision!r}"
            )
        if not (0 < self.timbre_size <= LATENT_SIZE and 0 <= self.noise < 1):
            raise OptionError(
                f"the timbre takes 1 to {LATENT_SIZE} values and noise from 0 to below 1, "
                f"not {self.timbre_size} and {self.noise:g}"
            )
        if self.batch < 1 or not 0 < self.frames <= _FRAMES:
            raise OptionError(
                f"a step takes notes, and 1 to {_FRAMES} frames of each, not {self.batch} "
                f"and {self.frames}"
            )

    @property
    def size(self) -> tuple[int, int, int, bool]:
        return FULL_BLOCKS, self.base_filters, self.most_filters, self.guided

    def grown(self, images: int) -> int:  # noqa: ARG002  # asked of both kinds of settings
        """The blocks that are ready to be used: all of them, from the start on."""
        return FULL_BLOCKS


class InstrumentPoints(nn.Module):
    """One point of the space of instruments each, [I, D], learned."""

    def __init__(self, instruments: int, size: int) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.randn(instruments, size))

    def forward(self) -> Tensor:
        """The points at zero mean and unit variance, as those drawn at random are."""
        centred = self.places - self.places.mean(0)
        return centred * torch.rsqrt(centred.square().mean(0) + 1e-8)


class Reconstructor:
    """Holds the generator, the points, their averages and the optimiser.

    ``melspecgrams`` [B, 2, 128, 1024] are normalised, ``pitches`` [B] count from 0 for MIDI 24, and
    ``instruments`` [B] are numbers into the settings' names. As in Trainer, what is random in a
    step follows from the seed and the number of the step alone.
    """

    def __init__(
        self,
        settings: ReconstructionSettings,
        melspecgrams: Tensor,
        pitches: Tensor,
        instruments: Tensor,
        normalizer: Normalizer,
        device: str = "cpu",
    ) -> None:
        self.settings = settings
        self.device = torch.device(device)
        self._melspecgrams = melspecgrams.to(self.device)
        self._pitches = pitches.to(self.device)
        self._instruments = instruments.to(self.device)
        self._loss = ReconstructionLoss(normalizer, settings.phase_weight, self.device)
        self._loudest = self._melspecgrams[:, 0].amax((1, 2)).float()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            self.generator = GeneratorNetwork(*settings.size).to(self.device)
            self.points = InstrumentPoints(len(settings.instruments), settings.timbre_size)
        self.points.to(self.device)
        self.generator.to(memory_format=torch.channels_last)  # twice as quick on a CPU
        _prepare_inputs(self._first_weight, settings.timbre_size)
        if settings.guided:
            _hold_back_outputs(self.generator)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.average_points = copy.deepcopy(self.points).requires_grad_(False)
        self.optimizer = self._made_optimizer()
        self.step_number = 0
        self.images = 0

    @property
    def modules(self) -> dict[str, nn.Module]:
        return {
            "generator": self.generator,
            "points": self.points,
            "average": self.average,
            "average_points": self.average_points,
        }

    @property
    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return {"optimizer": self.optimizer}

    def step(self) -> StepReport:
        """One step on a batch of notes, and one of the averages."""
        random = torch.Generator(self.device)
        random.manual_seed(self.settings.seed * 1_000_003 + self.step_number)
        chosen = torch.randint(
            len(self._pitches), (self.settings.batch,), generator=random, device=self.device
        )
        magnitude, phase = self._losses(chosen, self._first_frame(random), random)
        self.optimizer.zero_grad(set_to_none=True)
        (magnitude + phase).backward()
        grad = self._first_weight.grad
        if grad is not None:
            grad[:, self.settings.timbre_size : LATENT_SIZE] = 0
        self.optimizer.step()
        self._move_averages()
        self.step_number += 1
        self.images += self.settings.batch
        losses = {"magnitude": magnitude.item(), "phase": phase.item()}
        return StepReport(self.step_number, self.images, FULL_BLOCKS, losses)

    def _losses(self, chosen: Tensor, first: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        frames = self.settings.frames
        latent = self._latent(chosen, random)
        wanted = self._melspecgrams[chosen, :, first : first + frames + _FORESEEN].float()
        with torch.autocast(
            self.device.type, torch.bfloat16, enabled=self.settings.precision == "bfloat16"
        ):
            made = self.generator.window(latent, self._pitches[chosen], first, frames)
        return self._loss(made.float(), wanted, self._loudest[chosen])

    def _latent(self, chosen: Tensor, random: torch.Generator) -> Tensor:
        """Points of the notes' instruments and noise, [B, 256], of unit variance together."""
        noise = self.settings.noise
        latent = torch.randn((len(chosen), LATENT_SIZE), generator=random, device=self.device)
        points = self.points()[self._instruments[chosen]]
        timbre = math.sqrt(1 - noise**2) * points + noise * latent[:, : points.shape[1]]
        return torch.cat([timbre, latent[:, points.shape[1] :]], 1)

    def _first_frame(self, random: torch.Generator) -> int:
        """Where a step looks: at the onset rather often, for that is where most is new."""
        onset, place = torch.rand(2, generator=random, device=self.device).tolist()
        return 0 if onset < _ONSET_SHARE else int(place * (_FRAMES - self.settings.frames + 1))

    def _move_averages(self) -> None:
        share = 1 - min(self.settings.averaging, (1 + self.step_number) / (10 + self.step_number))
        pairs = ((self.average, self.generator), (self.average_points, self.points))
        with torch.no_grad():
            for mean, now in pairs:
                for average, value in zip(mean.parameters(), now.parameters(), strict=True):
                    average.lerp_(value, share)

    @property
    def _first_weight(self) -> Tensor:
        return cast(GeneratorBlock, self.generator.blocks[0]).conv0.weight

    def _made_optimizer(self) -> torch.optim.Adam:
        rate = self.settings.learning_rate
        first = self._first_weight
        others = [p for p in self.generator.parameters() if p is not first]
        quick = [first, *self.points.parameters()]
        groups = [
            {"params": quick, "lr": rate * self.settings.first_rate},
            {"params": others, "lr": rate},
        ]
        return torch.optim.Adam(groups, betas=(0.9, 0.99), eps=1e-8)


class ReconstructionLoss:
    """How far melspecgrams lie from those wanted: in magnitude, and in phase where it is heard."""

    def __init__(self, normalizer: Normalizer, phase_weight: float, device: torch.device) -> None:
        self._audible = _AUDIBLE_DB / 10 * math.log(10) * normalizer.magnitude_a
        sums = torch.from_numpy(mel_from_linear().sum(axis=0)).float().clamp(0.1, 1.0)
        self._turn = (sums * normalizer.phase_a).to(device)
        self._phase_weight = phase_weight

    def __call__(self, made: Tensor, wanted: Tensor, loudest: Tensor) -> tuple[Tensor, Tensor]:
        """The two parts, for ``made`` [B, 2, T, F] and ``wanted``, which may have frames more.

        Both are mean absolute errors. They count in full at the loudest point of the note
        (``loudest`` [B]), and less down to 60 dB below, where phases no longer count at all, and
        magnitudes by a fortieth: peaks are few, and would be flattened otherwise. A phase is as
        near by the other way around the circle; half a turn is as much as the mel band is wide
        in bins, as the mel form mixes phases unweighted.
        """
        frames = made.shape[2]
        heard = 1 + (wanted[:, 0] - loudest[:, None, None]) / self._audible
        heard = heard.clamp(0, 1)
        loud = heard[:, :frames]
        magnitude = (made[:, 0] - wanted[:, 0, :frames]).abs() * (_QUIET_WEIGHT + loud**4)
        off = (made[:, 1] - wanted[:, 1, :frames]) / self._turn
        off = (off - 2 * (off / 2).round()).abs() * self._turn
        phase = off * _soon(heard, frames).square()
        return _BALANCE * magnitude.mean(), self._phase_weight * phase.mean()


def _soon(heard: Tensor, frames: int) -> Tensor:
    """The most that is heard [B, frames, F] within the next few frames of [B, T, F]."""
    ahead = functional.pad(heard, (0, 0, 0, max(0, frames + _FORESEEN - heard.shape[1])))
    return functional.max_pool2d(ahead, (_FORESEEN + 1, 1), stride=1)[:, :frames]


def _prepare_inputs(weight: Tensor, timbre_size: int) -> None:
    """Let pitch be heard from the start, and of the latent the timbre alone."""
    with torch.no_grad():
        weight[:, -PITCHES:] *= _PITCH_SPREAD
        weight[:, timbre_size:LATENT_SIZE] = 0


def _hold_back_outputs(generator: GeneratorNetwork) -> None:
    """Let the phase steps that a guided generator is told be heard from the start."""
    with torch.no_grad():
        cast(GeneratorBlock, generator.blocks[-1]).to_rgb.weight *= _FIRST_OUTPUTS
