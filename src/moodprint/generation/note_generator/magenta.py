"""Reads the checkpoints that Magenta's GANSynth left behind, without TensorFlow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.clip import FloatArray
from moodprint.errors import BundleError, MissingFileError
from moodprint.generation.note_generator.bundle import save_bundle
from moodprint.generation.note_generator.card import GeneratorCard
from moodprint.generation.note_generator.weights import (
    FULL_BLOCKS,
    Block,
    GeneratorWeights,
    Layer,
    Normalizer,
    scaled,
)
from moodprint.models.tensor_bundle import Checkpoint, latest_checkpoint, read_checkpoint

_STAGE = re.compile(r"stage_(\d+)$")
_VARIABLE = re.compile(
    r"Generator/progressive_gan_generator/progressive_gan_block_(\d+)/"
    r"(conv0|conv1|to_rgb)/(conv2d/kernel|bias)$"
)
_AVERAGE = "/ExponentialMovingAverage"
_GAINS = {"conv0": 2.0, "conv1": 2.0, "to_rgb": 1.0}
_MUST_BE = {"data_type": "mel", "scale_mode": "ALL", "scale_base": 2, "simple_arch": False}


def read_magenta(folder: str | Path) -> GeneratorWeights:
    """The generator of the newest stage of a training folder of Magenta's GANSynth.

    The folder holds ``experiment.json`` and ``stage_00000``, ``stage_00001``, ..., each with a
    TensorFlow checkpoint. Moving averages are taken where there are any.

    Raises:
        MissingFileError: the folder lacks ``experiment.json`` or any stage with a checkpoint.
        BundleError: one of them is broken, or of a network that is not the one of the paper.
    """
    folder = Path(folder)
    settings = _settings(folder / "experiment.json")
    prefix = newest_stage(folder)
    try:
        return GeneratorWeights(_blocks(read_checkpoint(prefix)), _normalizer(settings))
    except BundleError as error:
        raise BundleError(f"{prefix}: {error}") from error


def import_magenta(folder: str | Path, out: str | Path) -> GeneratorCard:
    """Turn a training folder of Magenta's GANSynth into a bundle that ``load_generator`` plays.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed; and all that read_magenta raises.
    """
    weights = read_magenta(folder)
    name = Path(folder).resolve().name
    return save_bundle(
        out,
        weights,
        name=name,
        source=f"a checkpoint of Magenta's GANSynth: {newest_stage(Path(folder)).name}",
        licence="that of the checkpoint",
    )


def newest_stage(folder: Path) -> Path:
    """The checkpoint prefix in the ``stage_*`` folder of the highest number that has one.

    Raises:
        MissingFileError: none has.
    """
    found = [(int(match[1]), stage) for stage in folder.glob("stage_*")
             if (match := _STAGE.search(stage.name))]  # fmt: skip
    for _, stage in sorted(found, reverse=True):
        if (stage / "checkpoint").is_file():
            return latest_checkpoint(stage)
    raise MissingFileError(f"{folder}: holds no folder stage_* with a checkpoint")


def _settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise MissingFileError(f"{path}: no such file (Magenta's training writes it)")
    try:
        settings = json.loads(path.read_text())
    except ValueError as error:
        raise BundleError(f"{path}: is no JSON: {error}") from error
    if not isinstance(settings, dict):
        raise BundleError(f"{path}: holds no settings by name")
    for name, value in _MUST_BE.items():
        if settings.get(name, value) != value:
            raise BundleError(f"{path}: {name} is {settings[name]!r}; only {value!r} is read")
    return settings


def _normalizer(settings: dict[str, Any]) -> Normalizer:
    names = ("mag_normalizer_a", "mag_normalizer_b", "p_normalizer_a", "p_normalizer_b")
    try:
        values = [float(settings[name]) for name in names]
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"experiment.json lacks a number among {', '.join(names)}") from error
    if not np.isfinite(values).all() or values[0] == 0 or values[2] == 0:
        raise BundleError(f"experiment.json holds constants {values} that cannot be divided by")
    return Normalizer(*values)


def _blocks(checkpoint: Checkpoint) -> tuple[Block, ...]:
    numbers = {int(match[1]) for name in checkpoint if (match := _VARIABLE.match(name))}
    if not numbers or numbers != set(range(1, len(numbers) + 1)) or len(numbers) > FULL_BLOCKS:
        raise BundleError(f"holds the generator's blocks {sorted(numbers)}; expected 1 to 7")
    averages = {name.removesuffix(_AVERAGE): name for name in checkpoint if name.endswith(_AVERAGE)}
    return tuple(
        Block(*(_layer(checkpoint, averages, number, part) for part in _GAINS))
        for number in sorted(numbers)
    )


def _layer(checkpoint: Checkpoint, averages: dict[str, str], number: int, part: str) -> Layer:
    place = f"Generator/progressive_gan_generator/progressive_gan_block_{number}/{part}"

    def read(what: str) -> FloatArray:
        name = f"{place}/{what}"
        if name not in checkpoint:
            raise BundleError(f"lacks the variable {name}")
        return checkpoint[averages.get(name, name)].astype(np.float32)

    kernel = read("conv2d/kernel")
    if kernel.ndim != 4:
        raise BundleError(f"{place}/conv2d/kernel has {kernel.ndim} axes; expected 4")
    return Layer(scaled(kernel, _GAINS[part]), read("bias"))
