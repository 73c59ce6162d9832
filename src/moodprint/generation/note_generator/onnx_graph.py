"""Builds the ONNX graph of a generator, from its plain weights.

Needs the package ``onnx``; running the graph needs onnxruntime alone.
"""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.partials import PHASE_PLANE, partial_planes
from moodprint.generation.note_generator.weights import (
    CHANNELS,
    FULL_BLOCKS,
    GUIDE_PLANES,
    LOWEST_PITCH,
    PITCHES,
    START_WIDTH,
    GeneratorWeights,
    Layer,
    Normalizer,
)
from moodprint.models.onnx_writer import OnnxWriter

_NORM_FLOOR = 1e-8
_LEAK = 0.2
_BANDS = START_WIDTH << (FULL_BLOCKS - 1)
_PHASES = ((0, 0), (0, 1), (1, 0), (1, 1))


def generator_onnx(weights: GeneratorWeights, *, half: bool = False) -> bytes:
    """A serialised model: latent [B, 256] float32, pitch_midi [B] int64, frames [1] int64 ->
    melspecgram [B, frames, 1024, 2] float32, in the units of ``melspecgram_from_waveform``.

    Of the 128 frames only the first ``frames`` are made, exactly as all would be: what lies
    beyond the reach of the convolutions is left out at every resolution.

    ``half`` stores the large kernels in 16 bits, for half the size; sums stay in 32 bits.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed.
    """
    graph = _Graph(half)
    guide = _Guide(graph) if weights.guided else None
    x = _guided(guide, _first_layer(graph, _seed(graph), weights.blocks[0].conv0), weights, 1)
    x = _activated(graph, _conv(graph, _activated(graph, x), weights.blocks[0].conv1))
    factor = 2 ** (FULL_BLOCKS - len(weights.blocks))
    rows = _rows_needed(graph, len(weights.blocks), factor)
    for number, needed in enumerate(rows, start=2):
        block = weights.blocks[number - 1]
        x = _upsampling_conv(graph, _first_rows(graph, x, needed), block.conv0)
        x = _activated(graph, _guided(guide, x, weights, number))
        x = _activated(graph, _conv(graph, x, block.conv1))
    x = _conv(graph, x, weights.blocks[-1].to_rgb)
    if guide is not None and factor == 1:
        x = guide.with_steps(x)
    x = graph.add("Tanh", x)
    x = _first_rows(graph, _enlarged(graph, x, factor), "frames")
    x = _denormalized(graph, x, weights.normalizer)
    graph.add("Transpose", x, output="melspecgram", perm=[0, 2, 3, 1])
    shape = ("batch", "frames", _BANDS, CHANNELS)
    return graph.serialized(
        "gansynth_generator",
        {
            "latent": (np.float32, ("batch", 256)),
            "pitch_midi": (np.int64, ("batch",)),
            "frames": (np.int64, (1,)),
        },
        {"melspecgram": (np.float32, shape)},
    )


class _Graph(OnnxWriter):
    def __init__(self, half: bool) -> None:
        super().__init__("generate")
        self._half = half

    def kernel(self, value: FloatArray) -> str:
        if not self._half:
            return self.constant(value)
        stored = self.constant(value, np.float16)
        return self.add("Cast", stored, to=self.onnx.TensorProto.FLOAT)


class _Guide:
    """The planes [B, 8, 1, 1024] of ``partials`` for the pitches asked for."""

    def __init__(self, graph: _Graph) -> None:
        self._graph = graph
        index = graph.add("Sub", "pitch_midi", graph.constant(LOWEST_PITCH, np.int64))
        planes = graph.kernel(partial_planes()[:, :, None])
        self._planes = graph.add("Gather", planes, index, axis=0)

    def added(self, x: str, layer: Layer, bands: int) -> str:
        """Features of so many bands, and what the layer makes of the planes."""
        pooled, width = self._planes, _BANDS // bands
        if width > 1:
            pooled = self._graph.add(
                "AveragePool", pooled, kernel_shape=[1, width], strides=[1, width]
            )
        return self._graph.add("Add", x, _conv(self._graph, pooled, layer))

    def with_steps(self, x: str) -> str:
        """The output before tanh with the phase steps of the partials added."""
        kernel = np.zeros((CHANNELS, GUIDE_PLANES, 1, 1))
        kernel[1, PHASE_PLANE] = 1
        steps = self._graph.add("Conv", self._planes, self._graph.constant(kernel))
        return self._graph.add("Add", x, steps)


def _guided(guide: _Guide | None, x: str, weights: GeneratorWeights, number: int) -> str:
    """Features of a block's first convolution, and what the guide adds to them."""
    layer = weights.blocks[number - 1].guide
    if guide is None or layer is None:
        return x
    return guide.added(x, layer, START_WIDTH << (number - 1))


def _rows_needed(graph: _Graph, blocks: int, factor: int) -> list[str]:
    """How many rows blocks 2, 3, ... need of the output of the block before.

    Two convolutions reach two rows beyond what they give, which is half as many rows before the
    upsampling: half of rows + 2, rounded up.
    """
    rows = "frames"
    if factor > 1:
        more = graph.add("Add", rows, graph.constant([factor - 1], np.int64))
        rows = graph.add("Div", more, graph.constant([factor], np.int64))
    needed: list[str] = []
    for _ in range(blocks - 1):
        more = graph.add("Add", rows, graph.constant([3], np.int64))
        rows = graph.add("Div", more, graph.constant([2], np.int64))
        needed.insert(0, rows)
    return needed


def _first_rows(graph: _Graph, x: str, rows: str) -> str:
    start, axis = graph.constant([0], np.int64), graph.constant([2], np.int64)
    return graph.add("Slice", x, start, rows, axis)


def _seed(graph: _Graph) -> str:
    """The latent and the one-hot pitch side by side, [B, 317], at unit mean square."""
    index = graph.add("Sub", "pitch_midi", graph.constant(LOWEST_PITCH, np.int64))
    off_on = graph.constant([0.0, 1.0])
    one_hot = graph.add("OneHot", index, graph.constant(PITCHES, np.int64), off_on, axis=-1)
    return _pixel_norm(graph, graph.add("Concat", "latent", one_hot, axis=1))


def _first_layer(graph: _Graph, x: str, layer: Layer) -> str:
    """One pixel amid zeros, convolved: each place sees it through one tap, so a matrix does it."""
    matrix = layer.kernel[::-1, ::-1].transpose(2, 3, 0, 1)
    inputs, features, height, width = matrix.shape
    x = graph.add("MatMul", x, graph.kernel(matrix.reshape(inputs, -1)))
    shape = graph.constant([-1, features, height, width], np.int64)
    x = graph.add("Reshape", x, shape)
    return graph.add("Add", x, graph.constant(layer.bias[:, None, None]))


def _conv(graph: _Graph, x: str, layer: Layer) -> str:
    kernel = graph.kernel(layer.kernel.transpose(3, 2, 0, 1))
    margin = layer.kernel.shape[0] // 2
    return graph.add("Conv", x, kernel, graph.constant(layer.bias), pads=[margin] * 4)


def _upsampling_conv(graph: _Graph, x: str, layer: Layer) -> str:
    """Each pixel repeated 2 x 2, then a 3 x 3 convolution, in 4 / 9 of the multiplications.

    Of the repeated pixels, a 3 x 3 window sees only 2 x 2 different ones; which taps fall on the
    same one depends on whether the output's row and column are even. So there are four small
    convolutions, whose results are interleaved.
    """
    kernel, bias = layer.kernel.transpose(3, 2, 0, 1), graph.constant(layer.bias)
    parts = []
    for row, column in _PHASES:
        folded = _folded(_folded(kernel, 2, row), 3, column)
        pads = [1 - row, 1 - column, row, column]
        parts.append(graph.add("Conv", x, graph.kernel(folded), bias, pads=pads))
    return graph.add("DepthToSpace", graph.add("Concat", *parts, axis=1), blocksize=2)


def _folded(kernel: FloatArray, axis: int, odd: int) -> FloatArray:
    first, middle, last = np.moveaxis(kernel, axis, 0)
    taps = (first + middle, last) if odd else (first, middle + last)
    return np.stack(taps, axis=axis)


def _activated(graph: _Graph, x: str) -> str:
    return _pixel_norm(graph, graph.add("LeakyRelu", x, alpha=_LEAK))


def _pixel_norm(graph: _Graph, x: str) -> str:
    square = graph.add("ReduceMean", graph.add("Mul", x, x), graph.constant([1], np.int64))
    root = graph.add("Sqrt", graph.add("Add", square, graph.constant(_NORM_FLOOR)))
    return graph.add("Div", x, root)


def _enlarged(graph: _Graph, x: str, factor: int) -> str:
    if factor == 1:
        return x
    scales = graph.constant([1, 1, factor, factor])
    return graph.add("Resize", x, "", scales, mode="nearest", nearest_mode="floor",
                     coordinate_transformation_mode="asymmetric")  # fmt: skip


def _denormalized(graph: _Graph, x: str, normalizer: Normalizer) -> str:
    a = np.array([normalizer.magnitude_a, normalizer.phase_a])
    b = np.array([normalizer.magnitude_b, normalizer.phase_b])
    x = graph.add("Sub", x, graph.constant(b[:, None, None]))
    return graph.add("Div", x, graph.constant(a[:, None, None]))
