"""A trainer's state on disk: tensors in parts of a few megabytes, and what it is in a card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from moodprint.clip import FloatArray
from moodprint.errors import BundleError, MissingFileError, OptionError
from moodprint.generation.note_generator.networks import GeneratorNetwork
from moodprint.generation.note_generator.weights import GeneratorWeights, Normalizer
from recipes.note_generator.losses import LossWeights
from recipes.note_generator.progressive_growing import Growth
from recipes.note_generator.reconstruction import (
    InstrumentPoints,
    ReconstructionSettings,
    Reconstructor,
)
from recipes.note_generator.trainer import Trainer, TrainingSettings

LARGEST_PART_BYTES = 15 * 1024 * 1024
_CARD = "training.json"
_MEANS, _SQUARES = "exp_avg", "exp_avg_sq"

AnyTrainer = Trainer | Reconstructor
Settings = TrainingSettings | ReconstructionSettings


def save_state(
    trainer: AnyTrainer, normalizer: Normalizer, folder: str | Path, *, compact: bool = False
) -> None:
    """Write the state over that in the folder: parts of under 16 MiB, ``training.json`` last.

    ``compact`` keeps the three networks in 16 bits and forgets the optimisers: a third of the
    size at least, to be sent where little can be; a run goes on from it, but not the same.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tensors = dict(_networks(trainer))
    if compact:
        tensors = {name: tensor.bfloat16() for name, tensor in tensors.items()}
    else:
        tensors |= dict(_optimizers(trainer))
    before = [path.name for path in folder.glob("state-*.safetensors")]
    names = []
    for number, part in enumerate(_parts(tensors)):
        names.append(f"state-{trainer.step_number}-{number:02d}.safetensors")
        save_file(part, folder / names[-1])
    card = {
        "objective": "adversarial" if isinstance(trainer, Trainer) else "reconstruct",
        "step": trainer.step_number,
        "images": trainer.images,
        "settings": asdict(trainer.settings),
        "normalizer": asdict(normalizer),
        "parts": names,
    }
    partial = folder / f"{_CARD}.partial"
    partial.write_text(json.dumps(card, indent=2) + "\n")
    partial.replace(folder / _CARD)
    for name in set(before) - set(names):
        (folder / name).unlink(missing_ok=True)


def has_state(folder: str | Path) -> bool:
    return (Path(folder) / _CARD).is_file()


def stored_settings(folder: str | Path) -> tuple[Settings, Normalizer]:
    """What the run in the folder is made of.

    Raises:
        MissingFileError: no run was stored there.
        BundleError: its card is broken.
    """
    card = _card(Path(folder))
    try:
        settings = _SETTINGS[card.get("objective", "adversarial")](dict(card["settings"]))
        return settings, Normalizer(**card["normalizer"])
    except (KeyError, TypeError, OptionError) as error:
        raise BundleError(f"{folder}: its {_CARD} is broken: {error}") from error


def _adversarial(values: dict[str, Any]) -> Settings:
    values["growth"] = Growth(**values["growth"])
    values["weights"] = LossWeights(**values["weights"])
    return TrainingSettings(**values)


def _reconstruction(values: dict[str, Any]) -> Settings:
    values["instruments"] = tuple(values["instruments"])
    return ReconstructionSettings(**values)


_SETTINGS = {"adversarial": _adversarial, "reconstruct": _reconstruction}


def load_state(trainer: AnyTrainer, folder: str | Path) -> None:
    """Bring a trainer of the stored settings to the stored state.

    Raises:
        MissingFileError: no run was stored there.
        BundleError: it is broken, or of other settings.
    """
    card = _card(Path(folder))
    tensors = _stored_tensors(Path(folder), card)
    try:
        for name, tensor in _networks(trainer):
            with torch.no_grad():
                tensor.copy_(tensors[name])
    except (KeyError, RuntimeError) as error:
        raise BundleError(f"{folder}: does not hold this trainer's networks: {error}") from error
    trainer.step_number, trainer.images = int(card["step"]), int(card["images"])
    for name, optimizer in trainer.optimizers.items():
        _restore(optimizer, name, tensors)


def stored_generator(folder: str | Path) -> GeneratorWeights:
    """The averaged generator of a stored run, with the blocks that have wholly faded in.

    Raises:
        MissingFileError: no run was stored there.
        BundleError: it is broken.
    """
    settings, normalizer = stored_settings(folder)
    card = _card(Path(folder))
    tensors = _stored_tensors(Path(folder), card)
    network = GeneratorNetwork(*settings.size)
    prefix = "average."
    own = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    try:
        network.load_state_dict(own)
    except RuntimeError as error:
        raise BundleError(f"{folder}: does not hold a generator: {error}") from error
    grown = settings.grown(int(card["images"]))
    return GeneratorWeights(network.plain_blocks(grown), normalizer)


def stored_instruments(folder: str | Path) -> dict[str, FloatArray]:
    """The points [D] of the space of instruments that a run learned, by name; none where it was
    trained against a critic.

    Raises:
        MissingFileError: no run was stored there.
        BundleError: it is broken.
    """
    settings, _ = stored_settings(folder)
    if isinstance(settings, TrainingSettings):
        return {}
    tensors = _stored_tensors(Path(folder), _card(Path(folder)))
    points = InstrumentPoints(len(settings.instruments), settings.timbre_size)
    try:
        points.load_state_dict({"places": tensors["average_points.places"]})
    except (KeyError, RuntimeError) as error:
        raise BundleError(f"{folder}: does not hold its instruments: {error}") from error
    places = points().detach().numpy()
    return dict(zip(settings.instruments, places, strict=True))


def _networks(trainer: AnyTrainer) -> Iterator[tuple[str, Tensor]]:
    for name, module in trainer.modules.items():
        for key, tensor in module.state_dict().items():
            yield f"{name}.{key}", tensor


def _optimizers(trainer: AnyTrainer) -> Iterator[tuple[str, Tensor]]:
    """Adam's running squares and counts; its running means as well, unless beta1 is 0: then that
    is the last gradient, and is overwritten by the next."""
    for name, optimizer in trainer.optimizers.items():
        kept = [_SQUARES, *([_MEANS] if optimizer.defaults["betas"][0] else [])]
        for index, state in optimizer.state_dict()["state"].items():
            prefix = f"{name}.adam.{index}"
            yield from ((_stored_as(prefix, key), state[key]) for key in kept)
            yield f"{prefix}.step", state["step"].reshape(1)


def _stored_as(prefix: str, key: str) -> str:
    return prefix if key == _SQUARES else f"{prefix}.mean"


def _restore(optimizer: torch.optim.Optimizer, name: str, tensors: dict[str, Tensor]) -> None:
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


def _like(tensor: Tensor, parameter: Tensor) -> Tensor:
    """The tensor where the parameter is, laid out in memory as that is."""
    return torch.empty_like(parameter).copy_(tensor)


def _parts(tensors: dict[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    part: dict[str, Tensor] = {}
    size = 0
    for name, tensor in tensors.items():
        if part and size + tensor.nbytes > LARGEST_PART_BYTES:
            yield part
            part, size = {}, 0
        part[name] = tensor.detach().contiguous().cpu()
        size += tensor.nbytes
    yield part


def _card(folder: Path) -> dict[str, Any]:
    path = folder / _CARD
    if not path.is_file():
        raise MissingFileError(f"{path}: no such file (training writes it)")
    try:
        card = json.loads(path.read_text())
    except ValueError as error:
        raise BundleError(f"{path}: is no JSON: {error}") from error
    if not isinstance(card, dict) or not {"step", "images", "parts"} <= set(card):
        raise BundleError(f"{path}: is not the card of a training run")
    return card


def _stored_tensors(folder: Path, card: dict[str, Any]) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for name in card["parts"]:
        try:
            tensors |= load_file(folder / name)
        except Exception as error:  # safetensors raises its own kinds, or OSError
            raise BundleError(f"{folder / name}: cannot be read: {error}") from error
    return {
        name: tensor.float() if tensor.dtype == torch.bfloat16 else tensor
        for name, tensor in tensors.items()
    }
