"""Reads the checkpoints that Magenta's GANSynth left behind into a network of ours.

Needs the packages of the extra ``magenta``: TensorFlow, which reads them, and torch, which has the
network and exports it. Playing what comes of it needs neither.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.errors import BundleError, MissingExtraError, MissingFileError
from moodprint.generation.note_generator.architecture import FULL_BLOCKS, Normalizer
from moodprint.generation.note_generator.bundle import save_bundle
from moodprint.generation.note_generator.card import GeneratorCard
from moodprint.json_fields import Fields

if TYPE_CHECKING:
    from moodprint.generation.note_generator.network_torch import GeneratorNetwork, ScaledConv

EXTRA = "magenta"
SETTINGS = "experiment.json"

_STAGE = re.compile(r"stage_(\d+)$")
_PLACE = "Generator/progressive_gan_generator/progressive_gan_block_"
_VARIABLE = re.compile(_PLACE + r"(\d+)/(conv0|conv1|to_rgb)/(conv2d/kernel|bias)$")
_AVERAGE = "/ExponentialMovingAverage"
_MUST_BE = {"data_type": "mel", "scale_mode": "ALL", "scale_base": 2, "simple_arch": False}


class CheckpointReader(Protocol):
    """What ``tensorflow.train.load_checkpoint`` gives, as far as it is asked here."""

    def get_variable_to_shape_map(self) -> Mapping[str, Sequence[int]]:
        """The variables of the checkpoint by name, and their shapes."""

    def get_tensor(self, name: str) -> npt.NDArray[Any]:
        """The values of a variable."""


OpenCheckpoint = Callable[[Path], CheckpointReader]
"""Opens the newest checkpoint of a folder."""


def load_checkpoint(folder: Path) -> CheckpointReader:
    """The newest checkpoint of a folder, by TensorFlow.

    Raises:
        MissingExtraError: TensorFlow is not installed. BundleError: it cannot read the checkpoint.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no remarks on GPUs that are not there
    try:
        import tensorflow
    except ImportError as error:
        raise MissingExtraError("tensorflow-cpu", EXTRA) from error
    try:
        return tensorflow.train.load_checkpoint(str(folder))
    except (ValueError, tensorflow.errors.OpError) as error:
        raise BundleError(
            f"{folder}: holds no checkpoint that TensorFlow reads: {error}"
        ) from error


def import_magenta(
    folder: str | Path, out: str | Path, open_checkpoint: OpenCheckpoint = load_checkpoint
) -> GeneratorCard:
    """Turn a training folder of Magenta's GANSynth into a bundle that ``load_generator`` plays.

    Raises:
        MissingExtraError: TensorFlow, torch or its exporter is not installed; and all that
            read_magenta raises.
    """
    network, normalizer = read_magenta(folder, open_checkpoint)
    from moodprint.generation.note_generator.onnx_export import generator_onnx

    stage = newest_stage(Path(folder))
    card = GeneratorCard(
        name=Path(folder).resolve().name,
        source=f"a checkpoint of Magenta's GANSynth: {stage.name}",
        licence="that of the checkpoint",
        parameters=network.parameter_count,
        blocks=len(network.blocks),
    )
    save_bundle(out, generator_onnx(network, normalizer), card)
    return card


def read_magenta(
    folder: str | Path, open_checkpoint: OpenCheckpoint = load_checkpoint
) -> tuple[GeneratorNetwork, Normalizer]:
    """The generator of the newest stage of a training folder of Magenta's GANSynth.

    The folder holds ``experiment.json`` and ``stage_00000``, ``stage_00001``, ..., each with a
    TensorFlow checkpoint. Moving averages are taken where there are any.

    Raises:
        MissingExtraError: TensorFlow or torch is not installed.
        MissingFileError: the folder lacks ``experiment.json`` or any stage with a checkpoint.
        BundleError: one of them is broken, or of a network that is not the one of the paper.
    """
    folder = Path(folder)
    normalizer = read_settings(folder / SETTINGS)
    stage = newest_stage(folder)
    reader = open_checkpoint(stage)
    try:
        return network_of(reader), normalizer
    except BundleError as error:
        raise BundleError(f"{stage}: its checkpoint {error}") from error


def newest_stage(folder: Path) -> Path:
    """The ``stage_*`` folder of the highest number that has a checkpoint.

    Raises:
        MissingFileError: none has.
    """
    found = [
        (int(match[1]), stage)
        for stage in folder.glob("stage_*")
        if (match := _STAGE.search(stage.name)) and (stage / "checkpoint").is_file()
    ]
    if not found:
        raise MissingFileError(f"{folder}: holds no folder stage_* with a checkpoint")
    return max(found)[1]


def read_settings(path: Path) -> Normalizer:
    """The constants that a run normalised by, out of its ``experiment.json``.

    Raises:
        MissingFileError: there is none.
        BundleError: it is broken, or of a representation or a network that is not the paper's.
    """
    if not path.is_file():
        raise MissingFileError(f"{path}: no such file (Magenta's training writes it)")
    try:
        settings = Fields(json.loads(path.read_text()))
        names = ("mag_normalizer_a", "mag_normalizer_b", "p_normalizer_a", "p_normalizer_b")
        normalizer = Normalizer(*(settings.number(name) for name in names))
    except ValueError as error:
        raise BundleError(f"{path}: cannot be used: {error}") from error
    for name, value in _MUST_BE.items():
        if settings.get(name, value) != value:
            raise BundleError(f"{path}: {name} is {settings[name]!r}; only {value!r} is read")
    if normalizer.magnitude_a == 0 or normalizer.phase_a == 0:
        raise BundleError(f"{path}: a normalizer's a is 0, and what it made cannot be undone")
    return normalizer


def network_of(reader: CheckpointReader) -> GeneratorNetwork:
    """The generator that a checkpoint holds, of as many blocks as it has variables of.

    Raises:
        MissingExtraError: torch is not installed.
        BundleError: a variable is missing, of the wrong shape, or holds values not finite.
    """
    try:
        from moodprint.generation.note_generator.network_torch import GeneratorNetwork
    except ImportError as error:
        raise MissingExtraError("torch", EXTRA) from error
    variables = reader.get_variable_to_shape_map()
    blocks = _block_count(variables)
    names = [f"{_PLACE}{number}/conv0/bias" for number in range(1, blocks + 1)]
    network = GeneratorNetwork([len(_values(reader, variables, name)) for name in names])
    for number, block in enumerate(network.blocks, start=1):
        for part in ("conv0", "conv1", "to_rgb"):
            place = f"{_PLACE}{number}/{part}"
            kernel = _values(reader, variables, f"{place}/conv2d/kernel")
            bias = _values(reader, variables, f"{place}/bias")
            _fill(getattr(block, part), kernel, bias, place)
    return network


def _block_count(variables: Mapping[str, Sequence[int]]) -> int:
    numbers = {int(match[1]) for name in variables if (match := _VARIABLE.match(name))}
    if not numbers or numbers != set(range(1, len(numbers) + 1)) or len(numbers) > FULL_BLOCKS:
        raise BundleError(f"has the generator's blocks {sorted(numbers)}; expected 1 to 7")
    return len(numbers)


def _values(
    reader: CheckpointReader, variables: Mapping[str, Sequence[int]], name: str
) -> FloatArray:
    """A variable, or its moving average where the checkpoint has one."""
    if name not in variables:
        raise BundleError(f"lacks the variable {name}")
    averaged = f"{name}{_AVERAGE}"
    values = reader.get_tensor(averaged if averaged in variables else name).astype(np.float32)
    if not np.isfinite(values).all():
        raise BundleError(f"holds values in {name} that are not finite")
    return values


def _fill(conv: ScaledConv, kernel: FloatArray, bias: FloatArray, place: str) -> None:
    """Put a kernel [height, width, in, out], of unit variance as ours are, into a layer."""
    import torch

    outputs, inputs, height, width = conv.weight.shape
    expected = (height, width, inputs, outputs), (outputs,)
    if (kernel.shape, bias.shape) != expected:
        raise BundleError(
            f"holds {place} of the shapes {kernel.shape} and {bias.shape}; "
            f"expected {expected[0]} and {expected[1]}"
        )
    with torch.no_grad():
        conv.weight.copy_(torch.from_numpy(kernel.transpose(3, 2, 0, 1)))
        conv.bias.copy_(torch.from_numpy(bias))
