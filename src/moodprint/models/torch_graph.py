"""The end of an ONNX graph taught by torch, and put back beside the end that was there.

Nothing is known here of what the network is: its nodes are run one by one, whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.errors import BundleError, MissingExtraError

_PREFIX = "taught/"


class TaughtTail(nn.Module):
    """The part of a graph that leads to one ``output``; of it the last ``layers`` convolutions,
    and all that follows them, learn.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed.
        BundleError: the bytes are no graph with that output, or it has unknown operators.
    """

    def __init__(self, content: bytes, output: str, layers: int) -> None:
        super().__init__()
        self._model, self._onnx = _parsed(content)
        self._output = output
        graph = self._model.graph
        self._nodes = _leading_to(graph.node, output)
        strange = {node.op_type for node in self._nodes} - set(_OPERATORS) - {"Constant"}
        if strange or not self._nodes:
            what = f"operators {', '.join(sorted(strange))}" if strange else f"output {output!r}"
            raise BundleError(f"the network cannot be taught: {what} is not known")
        self._tail = _tail(self._nodes, layers)
        self._places = {each.name: f"weight_{n}" for n, each in enumerate(graph.initializer)}
        learning = {name for node in self._tail for name in node.input}
        for each in graph.initializer:
            value = torch.from_numpy(self._onnx.numpy_helper.to_array(each).copy())
            learns = each.name in learning and value.is_floating_point()
            self.register_parameter(self._places[each.name], nn.Parameter(value, learns))

    def forget(self) -> None:
        """Put the weights of the last layer to zero."""
        with torch.no_grad():
            for name in self._learning(_last_layer(self._tail)):
                self._weight(name).zero_()

    def forward(self, *inputs: Tensor) -> Tensor:
        """The output for the inputs of the graph, in their order."""
        known = {name: self._weight(name) for name in self._places}
        known |= {told.name: x for told, x in zip(self._model.graph.input, inputs, strict=True)}
        for node in self._nodes:
            options = {a.name: self._onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Constant":
                value = np.array(self._onnx.numpy_helper.to_array(options["value"]))
                result = torch.from_numpy(value).to(inputs[0].device)
            else:
                given = [known[name] if name else None for name in node.input]
                result = _OPERATORS[node.op_type](*given, **options)
            known[node.output[0]] = result
        return known[self._output]

    def serialized(self) -> bytes:
        """The graph with what was learned: ``output`` comes from a taught copy of the tail, all
        other outputs from the weights that were there, so they stay as they are to the bit."""
        model = type(self._model)()
        model.CopyFrom(self._model)
        graph = model.graph
        own = {name for node in self._tail for name in (*node.output, *self._learning(node.input))}
        for node in graph.node:
            node.output[:] = [f"{_PREFIX}before" if o == self._output else o for o in node.output]
        for each in self._tail:
            node = graph.node.add()
            node.CopyFrom(each)
            node.name = _PREFIX + each.name
            node.input[:] = [_PREFIX + name if name in own else name for name in each.input]
            node.output[:] = [o if o == self._output else _PREFIX + o for o in each.output]
        for name in sorted(own & set(self._places)):
            value = self._weight(name).detach().cpu().numpy()
            graph.initializer.append(self._onnx.numpy_helper.from_array(value, _PREFIX + name))
        _prune(graph)
        self._onnx.checker.check_model(model)
        return bytes(model.SerializeToString())

    def _weight(self, name: str) -> Any:
        return getattr(self, self._places[name])

    def _learning(self, names: Iterable[str]) -> list[str]:
        return [n for n in names if n in self._places and self._weight(n).requires_grad]


def _parsed(content: bytes) -> tuple[Any, Any]:
    try:
        import onnx
    except ImportError as error:
        raise MissingExtraError("onnx", "study") from error
    from google.protobuf.message import DecodeError

    try:
        return onnx.load_model_from_string(content), onnx
    except DecodeError as error:
        raise BundleError(f"the network is no ONNX file ({error})") from error


def _leading_to(nodes: Sequence[Any], output: str) -> list[Any]:
    """The nodes that have a part in ``output``, in their order."""
    wanted, found = {output}, []
    for node in reversed(nodes):
        if wanted & set(node.output):
            wanted |= set(node.input)
            found.append(node)
    return found[::-1]


def _tail(nodes: Sequence[Any], layers: int) -> list[Any]:
    """The last so many convolutions and what depends on them."""
    first = [node for node in nodes if node.op_type == "Conv"][-layers:]
    reached: set[str] = set()
    tail = []
    for node in nodes:
        if node in first or reached & set(node.input):
            reached |= set(node.output)
            tail.append(node)
    return tail


def _last_layer(tail: Sequence[Any]) -> Iterable[str]:
    for node in reversed(tail):
        yield from node.input
        if node.op_type in ("MatMul", "Conv"):
            return


def _prune(graph: Any) -> None:
    """Without the nodes and weights that no output needs."""
    needed: list[Any] = []
    wanted = {each.name for each in graph.output}
    for node in reversed(graph.node):
        if wanted & set(node.output):
            wanted |= set(node.input)
            needed.insert(0, node)
    weights = [each for each in graph.initializer if each.name in wanted]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(needed)
    graph.initializer.extend(weights)


def _conv(
    x: Tensor, kernel: Tensor, bias: Tensor | None = None, *, pads: list[int], **options: Any
) -> Tensor:
    convolve = functional.conv1d if kernel.ndim == 3 else functional.conv2d
    return convolve(
        _padded(x, pads), kernel, bias, options["strides"], 0, options["dilations"],
        options["group"],
    )  # fmt: skip


def _average_pool(x: Tensor, *, kernel_shape: list[int], strides: list[int], **_: Any) -> Tensor:
    """Without margins: a mean stands beside a stride here, as a shortcut."""
    pool = functional.avg_pool1d if len(kernel_shape) == 1 else functional.avg_pool2d
    return pool(x, kernel_shape, strides)


def _padded(x: Tensor, pads: list[int]) -> Tensor:
    """ONNX names all beginnings, then all ends; torch the last axis first."""
    half = len(pads) // 2
    turned = [pads[axis + side * half] for axis in reversed(range(half)) for side in (0, 1)]
    return functional.pad(x, turned) if any(turned) else x


def _slice(
    x: Tensor, starts: Tensor, ends: Tensor, axes: Tensor, steps: Tensor | None = None
) -> Tensor:
    index = [slice(None)] * x.ndim
    by = torch.ones_like(axes) if steps is None else steps
    parts = (each.tolist() for each in (starts, ends, axes, by))
    for start, end, axis, step in zip(*parts, strict=True):
        index[axis] = slice(start, end, step)
    return x[tuple(index)]


def _reshape(x: Tensor, shape: Tensor, *, allowzero: int = 0) -> Tensor:
    sizes = shape.tolist()
    return x.reshape(sizes if allowzero else [s or x.shape[n] for n, s in enumerate(sizes)])


_OPERATORS: dict[str, Callable[..., Tensor]] = {
    "Add": torch.add,
    "AveragePool": _average_pool,
    "Clip": torch.clamp,
    "Concat": lambda *parts, axis: torch.cat(parts, dim=axis),
    "Conv": _conv,
    "Div": torch.div,
    "MatMul": torch.matmul,
    "Relu": torch.relu,
    "Reshape": _reshape,
    "Shape": lambda x: torch.tensor(x.shape),
    "Slice": _slice,
    "Transpose": lambda x, perm: x.permute(perm),
    "Unsqueeze": lambda x, axes: x.unsqueeze(int(axes)),
}
