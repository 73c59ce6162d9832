"""Networks that begin from those of a bundle, so that a training goes on where a release stands.

An exported graph holds most weights under their names in torch, the large ones in 16 bits; what it
does not (the scales of group norms, which the exporter folds) stands beside it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load, save
from torch import Tensor, nn

from moodprint.bundle import Bundle, open_bundle
from moodprint.generation.diffusion.card import DECODER, DENOISER, ENCODER

REST = "rest.safetensors"
_HALF = ".half"


def rest_of(networks: dict[str, nn.Module], graphs: dict[str, bytes]) -> bytes:
    """What the graphs do not hold of the networks, by file and name."""
    rest: dict[str, Tensor] = {}
    for file, network in networks.items():
        there = _held(graphs[file])
        rest |= {
            f"{file}:{name}": tensor.detach().clone().contiguous()
            for name, tensor in network.state_dict().items()
            if name not in there
        }
    return save(rest)


def inherit(network: nn.Module, file: str, bundle: Bundle) -> None:
    """Give a network the weights that a bundle's file has.

    Raises:
        RuntimeError: they do not fit it.
    """
    rest = load(bundle.read(REST))
    own = {
        name.partition(":")[2]: tensor
        for name, tensor in rest.items()
        if name.partition(":")[0] == file
    }
    held = {name: torch.from_numpy(value) for name, value in _held(bundle.read(file)).items()}
    expected = network.state_dict()
    network.load_state_dict({name: {**held, **own}[name] for name in expected})


def inherit_coder(coder: nn.ModuleList, bundle: str | Path) -> None:
    """The same for an encoder and its decoder."""
    opened = open_bundle(bundle)
    inherit(coder[0], ENCODER, opened)
    inherit(coder[1], DECODER, opened)


def inherit_denoiser(denoiser: nn.Module, bundle: str | Path) -> None:
    """The same for a denoiser."""
    inherit(denoiser, DENOISER, open_bundle(bundle))


def _held(graph: bytes) -> dict[str, np.ndarray]:
    model = onnx.load_from_string(graph)
    return {
        tensor.name.removesuffix(_HALF): numpy_helper.to_array(tensor).astype(np.float32)
        for tensor in model.graph.initializer
    }
