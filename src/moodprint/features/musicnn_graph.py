"""The network of musicnn as an ONNX graph, made from the weights of its TensorFlow checkpoint.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (ISMIR
2019). onnxruntime runs it at more than twice the speed of numpy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.models.onnx_writer import OnnxWriter

BANDS, PATCH, WIDTH, TAGS = 96, 187, 200, 50
_TIMBRES = (0, 1)
_TEMPOS = (2, 3, 4)
_EPSILON = 1e-3

Weights = Mapping[str, npt.NDArray[Any]]


def musicnn_onnx(weights: Weights) -> bytes:
    """A serialised model: patches [B, 187, 96] float32 -> heard [B, 250]: the last layer but one
    and the logits of the tags.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed.
    """
    return _Musicnn(weights).serialized()


class _Musicnn:
    def __init__(self, weights: Weights) -> None:
        self._graph, self._weights = OnnxWriter("study"), weights

    def serialized(self) -> bytes:
        graph = self._graph
        channel = graph.constant([1], np.int64)
        x = graph.add("Unsqueeze", self._normed("patches", 0, ()), channel)
        timbres = [self._strongest(x, number, (3, 3)) for number in _TIMBRES]
        tempos = [self._strongest(x, number, self._same(number)) for number in _TEMPOS]
        front = graph.add("Concat", *timbres, *tempos, axis=1)
        first = self._middle(front, 5)
        second = graph.add("Add", self._middle(first, 6), first)
        third = graph.add("Add", self._middle(second, 7), second)
        told = graph.add("Concat", front, first, second, third, axis=1)
        hidden = graph.add("Relu", self._dense(self._normed(self._pooled(told), 9, (-1,)), 0))
        hidden = self._normed(hidden, 10, (-1,))
        graph.add("Concat", hidden, self._dense(hidden, 1), output="heard", axis=1)
        return graph.serialized(
            "musicnn",
            {"patches": (np.float32, ("batch", PATCH, BANDS))},
            {"heard": (np.float32, ("batch", WIDTH + TAGS))},
        )

    def _strongest(self, x: str, number: int, margin: tuple[int, int]) -> str:
        """Filters over a picture [B, 1, 187, 96], the strongest place in frequency [B, C, 187].

        The scaling after the rectifier may fall with its input; its maximum is then that of the
        smallest input. Where it falls, the filter is turned around, so that one maximum does.
        """
        kernel = self._of("conv2d", number, "kernel").transpose(3, 2, 0, 1)
        scale, _ = self._scaling(number + 1)
        sign = np.where(scale < 0, -1, 1).astype(np.float32)
        graph, (before, after) = self._graph, margin
        turned = graph.constant(kernel * sign[:, None, None, None])
        bias = graph.constant(self._of("conv2d", number, "bias") * sign)
        x = graph.add("Conv", x, turned, bias, pads=[before, 0, after, 0])
        x = graph.add("ReduceMax", x, graph.constant([3], np.int64), keepdims=0)
        x = graph.add("Relu", graph.add("Mul", x, graph.constant(sign[:, None])))
        return self._normed(x, number + 1, (-1, 1))

    def _same(self, number: int) -> tuple[int, int]:
        """What to add at both ends so that as many frames come out as go in."""
        length = len(self._of("conv2d", number, "kernel"))
        return (length - 1) // 2, length // 2

    def _middle(self, x: str, number: int) -> str:
        """Filters of 7 frames over all channels [B, C, 187]."""
        graph = self._graph
        kernel = self._of("conv2d", number, "kernel")[:, :, 0].transpose(2, 1, 0)
        bias = self._of("conv2d", number, "bias")
        x = graph.add("Conv", x, graph.constant(kernel), graph.constant(bias), pads=[3, 3])
        return self._normed(graph.add("Relu", x), number + 1, (-1, 1))

    def _pooled(self, x: str) -> str:
        """[B, C, 187] to [B, 2 C]: the maximum and the mean of a channel lie side by side."""
        graph = self._graph
        time = graph.constant([2], np.int64)
        ends = (graph.add("ReduceMax", x, time), graph.add("ReduceMean", x, time))
        return graph.add("Flatten", graph.add("Concat", *ends, axis=2))

    def _dense(self, x: str, number: int) -> str:
        kernel, bias = (self._of("dense", number, part) for part in ("kernel", "bias"))
        return self._graph.add("Gemm", x, self._graph.constant(kernel), self._graph.constant(bias))

    def _normed(self, x: str, number: int, shape: tuple[int, ...]) -> str:
        scale, shift = (self._graph.constant(part.reshape(shape)) for part in self._scaling(number))
        return self._graph.add("Add", self._graph.add("Mul", x, scale), shift)

    def _scaling(self, number: int) -> tuple[FloatArray, FloatArray]:
        """Batch normalisation as a factor and a summand, each [C]."""
        mean, variance, gamma, beta = (
            self._of("batch_normalization", number, part)
            for part in ("moving_mean", "moving_variance", "gamma", "beta")
        )
        scale = gamma / np.sqrt(variance + _EPSILON)
        return scale, beta - mean * scale

    def _of(self, kind: str, number: int, part: str) -> FloatArray:
        layer = f"{kind}_{number}" if number else kind
        return np.asarray(self._weights[f"{layer}/{part}"], np.float32)
