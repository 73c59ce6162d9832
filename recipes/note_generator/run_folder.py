"""A run on disk: a trainer's state in shards of a few megabytes, and what it is in a card."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from moodprint.clip import FloatArray
from moodprint.errors import BundleError, MissingFileError
from moodprint.files import write_atomically
from moodprint.generation.note_generator.architecture import Normalizer
from moodprint.generation.note_generator.network_torch import GeneratorNetwork
from recipes.note_generator.objectives import OBJECTIVES
from recipes.note_generator.trainer import Settings, Trainer

LARGEST_SHARD_BYTES = 15 * 1024 * 1024
"""Below the 16 MiB that some ways of sending files take at once."""
CARD = "training.json"


@dataclass(frozen=True)
class StoredRun:
    """What a run in a folder is made of, and how far it came. The tensors stay on disk."""

    folder: Path
    settings: Settings
    normalizer: Normalizer
    step_number: int
    images: int
    shards: tuple[str, ...]

    @classmethod
    def open(cls, folder: str | Path) -> StoredRun:
        """The run in a folder.

        Raises:
            MissingFileError: no run was stored there. BundleError: its card is broken.
        """
        path = Path(folder) / CARD
        if not path.is_file():
            raise MissingFileError(f"{path}: no such file (training writes it)")
        try:
            card = json.loads(path.read_text())
            settings = OBJECTIVES[card.get("objective", "adversarial")]
            return cls(
                folder=Path(folder),
                settings=settings.from_dict(card["settings"]),
                normalizer=Normalizer(**card["normalizer"]),
                step_number=int(card["step"]),
                images=int(card["images"]),
                shards=tuple(card["parts"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BundleError(f"{path}: is not the card of a training run: {error!r}") from error

    def tensors(self) -> dict[str, Tensor]:
        """All that was stored, in 32 bits.

        Raises:
            BundleError: a shard is missing or broken.
        """
        tensors: dict[str, Tensor] = {}
        for name in self.shards:
            try:
                tensors |= load_file(self.folder / name)
            except Exception as error:  # safetensors raises its own kinds, or OSError
                raise BundleError(f"{self.folder / name}: cannot be read: {error}") from error
        return {
            name: tensor.float() if tensor.dtype == torch.bfloat16 else tensor
            for name, tensor in tensors.items()
        }

    def resume(self, trainer: Trainer) -> None:
        """Bring a trainer of these settings to the stored state.

        Raises:
            BundleError: the state is broken, or of other settings.
        """
        try:
            trainer.restore(self.tensors(), self.step_number, self.images)
        except (KeyError, RuntimeError) as error:
            raise BundleError(
                f"{self.folder}: does not hold this trainer's networks: {error}"
            ) from error

    def generator(self) -> GeneratorNetwork:
        """The averaged generator, with the blocks that have wholly faded in.

        Raises:
            BundleError: the state is broken.
        """
        network = self.settings.network(self.settings.grown(self.images))
        tensors = self.tensors()
        try:
            own = {name: tensors[f"average.{name}"] for name in network.state_dict()}
            network.load_state_dict(own)
        except (KeyError, RuntimeError) as error:
            raise BundleError(f"{self.folder}: does not hold a generator: {error}") from error
        return network

    def instrument_points(self) -> dict[str, FloatArray]:
        """The points [D] of the space of instruments that the run learned, by name; none where it
        was trained against a critic.

        Raises:
            BundleError: the state is broken.
        """
        try:
            return self.settings.instrument_points(self.tensors())
        except (KeyError, RuntimeError) as error:
            raise BundleError(f"{self.folder}: does not hold its instruments: {error}") from error


def has_run(folder: str | Path) -> bool:
    """Whether a run was stored in a folder."""
    return (Path(folder) / CARD).is_file()


def save_run(
    trainer: Trainer, normalizer: Normalizer, folder: str | Path, *, compact: bool = False
) -> None:
    """Write a trainer's state over that in the folder: shards of under 16 MiB, the card last.

    ``compact`` keeps the networks in 16 bits and forgets the optimisers: a third of the size at
    least, to be sent where little can be; a run goes on from it, but not the same.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tensors = trainer.network_state()
    if compact:
        tensors = {name: tensor.bfloat16() for name, tensor in tensors.items()}
    else:
        tensors |= trainer.optimizer_state()
    before = {path.name for path in folder.glob("state-*.safetensors")}
    names = []
    for number, shard in enumerate(_shards(tensors)):
        names.append(f"state-{trainer.step_number}-{number:02d}.safetensors")
        save_file(shard, folder / names[-1])
    write_atomically(folder / CARD, json.dumps(_card(trainer, normalizer, names), indent=2) + "\n")
    for name in before - set(names):
        (folder / name).unlink(missing_ok=True)


def _card(trainer: Trainer, normalizer: Normalizer, shards: list[str]) -> dict[str, Any]:
    settings: Any = trainer.settings
    return {
        "objective": trainer.settings.objective,
        "step": trainer.step_number,
        "images": trainer.images,
        "settings": asdict(settings),
        "normalizer": asdict(normalizer),
        "parts": shards,
    }


def _shards(tensors: Mapping[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    shard: dict[str, Tensor] = {}
    size = 0
    for name, tensor in tensors.items():
        if shard and size + tensor.nbytes > LARGEST_SHARD_BYTES:
            yield shard
            shard, size = {}, 0
        shard[name] = tensor.detach().contiguous().cpu()
        size += tensor.nbytes
    yield shard
