"""The ONNX graph of a generator, exported from its network: what ``generator`` plays without torch.

Needs the packages torch, onnx and onnxscript (extras ``magenta`` and ``train``).
"""

from __future__ import annotations

import logging
import math
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from moodprint.generation.note_generator.architecture import (
    FRAMES,
    LATENT_SIZE,
    LOWEST_PITCH,
    PITCHES,
    Normalizer,
)
from moodprint.generation.note_generator.network_torch import GeneratorNetwork

_OPSET = 18
"""The lowest that torch exports to: every onnxruntime that we allow (1.20 on) runs it."""
_FOLD_ALL = 1 << 30
"""Constants of up to so many numbers are computed once, on export. The kernels of all layers come
of others that training changes, and the exporter's own limit leaves large ones out."""
_LARGE = 512
"""Constants of fewer numbers keep their precision: all of them together take a few kilobytes."""
_EXAMPLE_BATCH, _EXAMPLE_FRAMES = 2, 40
"""The graph takes any batch and 1 to 128 frames; these only show the exporter the shapes. It takes
sizes of 1 for fixed ones."""


def generator_onnx(
    network: GeneratorNetwork, normalizer: Normalizer, *, half: bool = False
) -> bytes:
    """A serialised model: latent [B, 256] float32, pitch_midi [B] int64, frames [1] int64 ->
    melspecgram [B, frames, 1024, 2] float32, in the units of ``melspecgram_from_waveform``.

    Of the 128 frames only the first ``frames`` are computed, exactly as all would be: what lies
    beyond the reach of the convolutions is left out at every resolution.

    ``half`` stores kernels and planes in 16 bits, for half the size; sums stay in 32 bits.
    """
    from onnx_ir.passes.common import ClearMetadataAndDocStringPass
    from onnxscript.optimizer import optimize_ir

    program = _exported(PlayedGenerator(network, normalizer).eval())
    optimize_ir(program.model, input_size_limit=_FOLD_ALL, output_size_limit=_FOLD_ALL)
    ClearMetadataAndDocStringPass()(program.model)
    model = program.model_proto
    del model.graph.value_info[:]
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_param = "frames"
    if half:
        store_in_16_bits(model)
    return bytes(model.SerializeToString())


class PlayedGenerator(nn.Module):
    """A network with MIDI pitches in and melspecgrams in their own units out, channels last."""

    def __init__(self, network: GeneratorNetwork, normalizer: Normalizer) -> None:
        super().__init__()
        self.network = network
        n = normalizer
        self.register_buffer("a", torch.tensor([n.magnitude_a, n.phase_a])[:, None, None])
        self.register_buffer("b", torch.tensor([n.magnitude_b, n.phase_b])[:, None, None])

    def forward(self, latent: Tensor, pitch_midi: Tensor, frames: Tensor) -> Tensor:
        """[B, 256], [B] and [1] to [B, frames, 1024, 2]."""
        count = frames.item()
        torch._check(count >= 1)
        torch._check(count <= FRAMES)
        image = self.network.beginning(latent, pitch_midi - LOWEST_PITCH, count)
        return ((image - self.b) / self.a).permute(0, 2, 3, 1)


def store_in_16_bits(model: Any) -> None:
    """Keep the large constants of a model in 16 bits; onnxruntime widens them once, on loading."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or math.prod(tensor.dims) < _LARGE:
            continue
        name, values = tensor.name, numpy_helper.to_array(tensor)
        tensor.CopyFrom(numpy_helper.from_array(values.astype("float16"), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _exported(module: PlayedGenerator) -> Any:
    """What torch makes of it, without its remarks on packages that are not needed here."""
    batch = torch.export.Dim("batch")
    example = (
        torch.zeros(_EXAMPLE_BATCH, LATENT_SIZE),
        LOWEST_PITCH + torch.arange(_EXAMPLE_BATCH) % PITCHES,
        torch.tensor([_EXAMPLE_FRAMES]),
    )
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.onnx.export(
                module,
                example,
                input_names=["latent", "pitch_midi", "frames"],
                output_names=["melspecgram"],
                dynamic_shapes=({0: batch}, {0: batch}, {}),
                opset_version=_OPSET,
                dynamo=True,
                verbose=False,
            )
    finally:
        log.setLevel(level)
