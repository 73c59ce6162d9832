"""What both ways of training share: notes to see, steps that repeat, a state to go on from.

A way of training is a frozen class of settings that makes a trainer (``adversarial``,
``reconstruction``); ``objectives`` lists them, and ``run_folder`` stores any of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import torch
from torch import Tensor, nn

from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.note_generator.architecture import LOWEST_PITCH, Normalizer
from moodprint.generation.note_generator.network_torch import GeneratorNetwork
from moodprint.generation.note_quality.note_shards import NoteLabel

PRECISIONS = ("float32", "bfloat16")

_SEED_STRIDE = 1_000_003
"""A prime above any number of steps, so that no step of one seed is a step of another."""
_MEANS, _SQUARES = "exp_avg", "exp_avg_sq"
"""Adam's running means of gradients and of their squares, as torch names them."""


@dataclass(frozen=True)
class TrainingNotes:
    """What a trainer sees: normalised melspecgrams [B, 2, 128, 1024], and a label for each."""

    images: Tensor
    labels: tuple[NoteLabel, ...]
    normalizer: Normalizer

    @property
    def pitches(self) -> Tensor:
        """[B], counted from 0 for MIDI 24."""
        return torch.tensor([label.pitch_midi - LOWEST_PITCH for label in self.labels])


@dataclass(frozen=True)
class StepReport:
    """What a step did. ``images`` are those seen so far, ``losses`` the parts by name."""

    step: int
    images: int
    progress: float
    losses: dict[str, float]


class Settings(Protocol):
    """All that a run is made of, beside its notes: a frozen dataclass."""

    objective: ClassVar[str]
    aligns_phases: ClassVar[bool]
    """Whether the notes' phases are turned alike first (``phase_alignment``)."""

    def network(self, blocks: int | None = None) -> GeneratorNetwork:
        """A generator of these settings, its first blocks alone where a number is given."""
        ...

    def trainer(self, notes: TrainingNotes, device: str = "cpu") -> Trainer:
        """A trainer at its first step."""
        ...

    def grown(self, images: int) -> int:
        """The blocks that are ready to be used after so many images."""
        ...

    def instrument_points(self, tensors: Mapping[str, Tensor]) -> dict[str, FloatArray]:
        """The points [D] of the space of instruments in a trainer's state, by name; often none.

        Raises:
            KeyError, RuntimeError: the state is of other settings.
        """
        ...

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The settings that ``dataclasses.asdict`` gave."""
        ...


class Trainer(ABC):
    """Holds the networks, their averages and their optimisers.

    What is random in a step follows from the seed and the number of the step alone, so a trainer
    that was brought to a stored state goes on exactly as the first would have.
    """

    settings: Settings
    modules: dict[str, nn.Module]
    """Networks and averages, by the names that they have in the state."""
    optimizers: dict[str, torch.optim.Adam]

    def __init__(self, notes: TrainingNotes, seed: int, precision: str, device: str) -> None:
        self.device = torch.device(device)
        self.step_number = 0
        self.images = 0
        self._melspecgrams = notes.images.to(self.device)
        self._pitches = notes.pitches.to(self.device)
        self._seed = seed
        self._half = precision == "bfloat16"

    @abstractmethod
    def step(self) -> StepReport:
        """One step on a batch of notes, and one of the averages."""

    def network_state(self) -> dict[str, Tensor]:
        """All tensors of the networks, by name."""
        return {
            f"{name}.{key}": tensor
            for name, module in self.modules.items()
            for key, tensor in module.state_dict().items()
        }

    def optimizer_state(self) -> dict[str, Tensor]:
        """What the optimisers remember, by name."""
        return {
            name: tensor
            for optimizer_name, optimizer in self.optimizers.items()
            for name, tensor in _adam_state(optimizer_name, optimizer)
        }

    def restore(self, tensors: Mapping[str, Tensor], step_number: int, images: int) -> None:
        """Go on from a state; optimisers that it leaves out begin anew.

        Raises:
            KeyError, RuntimeError: it is not that of networks such as these.
        """
        with torch.no_grad():
            for name, tensor in self.network_state().items():
                tensor.copy_(tensors[name])
        for name, optimizer in self.optimizers.items():
            _restore_adam(optimizer, name, tensors)
        self.step_number, self.images = step_number, images

    def _step_random(self) -> torch.Generator:
        random = torch.Generator(self.device)
        random.manual_seed(self._seed * _SEED_STRIDE + self.step_number)
        return random

    def _chosen(self, count: int, random: torch.Generator) -> Tensor:
        """The numbers [count] of notes drawn at random."""
        return torch.randint(len(self._pitches), (count,), generator=random, device=self.device)

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self._half)


def check_precision(precision: str) -> None:
    """Refuse a precision that is none of PRECISIONS."""
    if precision not in PRECISIONS:
        raise OptionError(f"the precision is one of {', '.join(PRECISIONS)}, not {precision!r}")


def move_average(average: nn.Module, network: nn.Module, share: float) -> None:
    """Bring the values of an average by a share of the way to those of a network now."""
    pairs = zip(average.parameters(), network.parameters(), strict=True)
    with torch.no_grad():
        for mean, now in pairs:
            mean.lerp_(now, share)


def _adam_state(name: str, optimizer: torch.optim.Adam) -> Iterator[tuple[str, Tensor]]:
    """Adam's running squares and counts; its running means as well, unless beta1 is 0: then that
    is the last gradient, and is overwritten by the next."""
    kept = [_SQUARES, *([_MEANS] if optimizer.defaults["betas"][0] else [])]
    for index, state in optimizer.state_dict()["state"].items():
        prefix = f"{name}.adam.{index}"
        yield from ((_stored_as(prefix, key), state[key]) for key in kept)
        yield f"{prefix}.step", state["step"].reshape(1)


def _restore_adam(optimizer: torch.optim.Adam, name: str, tensors: Mapping[str, Tensor]) -> None:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for index, parameter in enumerate(parameters):
        prefix = f"{name}.adam.{index}"
        if prefix not in tensors:
            continue
        means = tensors.get(_stored_as(prefix, _MEANS))
        optimizer.state[parameter] = {
            "step": tensors[f"{prefix}.step"].reshape(()),
            _MEANS: torch.zeros_like(parameter) if means is None else _like(means, parameter),
            _SQUARES: _like(tensors[prefix], parameter),
        }


def _stored_as(prefix: str, key: str) -> str:
    return prefix if key == _SQUARES else f"{prefix}.mean"


def _like(tensor: Tensor, parameter: Tensor) -> Tensor:
    """The tensor where the parameter is, laid out in memory as that is."""
    return torch.empty_like(parameter).copy_(tensor)
