"""What a network's ONNX file may hold: a plain graph of known operators, whole within the file.

ONNX Runtime itself reads tensors from other files that a graph names, runs loops that never end,
and loads what fills memory. So the graph is read before it gets there, by protobuf's own parser,
with the few fields of onnx.proto (ONNX IR specification) that matter here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from moodprint.errors import BundleError

_NAMES = """
    Abs Acos Add And ArgMax ArgMin Asin Atan AveragePool BatchNormalization Cast CastLike Ceil
    Celu Clip Concat Constant ConstantOfShape Conv ConvTranspose Cos CumSum DepthToSpace
    DequantizeLinear Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand Flatten
    Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater
    GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization IsInf
    IsNaN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax MatMul MatMulInteger
    Max MaxPool Mean Min Mish Mod Mul Neg Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul
    QuantizeLinear RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize Round
    ScatterND Selu Shape Sigmoid Sign Sin Size Slice Softmax Softplus Softsign SpaceToDepth
    Split Sqrt Squeeze Sub Sum Tan Tanh Tile TopK Transpose Trilu Unsqueeze Where Xor
"""
OPERATORS = frozenset(_NAMES.split())
"""Arithmetic, convolutions, recurrences of fixed length, shapes. Not here: Loop, Scan, If and all
else that holds a graph of its own, strings, random numbers, and other makers' operators."""

_STANDARD_DOMAINS = ("", "ai.onnx")
_MOST_NODES = 100_000
_EXTERNAL = 1

_OPTIONAL, _REPEATED = 1, 3
_INT32, _STRING, _MESSAGE, _BYTES = 5, 9, 11, 12
"""Labels and types of fields, as descriptor.proto numbers them."""

_FIELDS: dict[str, tuple[tuple[str, int, int | str, int], ...]] = {
    "Tensor": (("location", 14, _INT32, _OPTIONAL), ("external", 13, _BYTES, _REPEATED)),
    "Attribute": (
        ("tensor", 5, "Tensor", _OPTIONAL),
        ("graph", 6, _BYTES, _OPTIONAL),
        ("tensors", 10, "Tensor", _REPEATED),
        ("graphs", 11, _BYTES, _REPEATED),
    ),
    "Node": (
        ("operator", 4, _STRING, _OPTIONAL),
        ("attribute", 5, "Attribute", _REPEATED),
        ("domain", 7, _STRING, _OPTIONAL),
    ),
    "Graph": (
        ("node", 1, "Node", _REPEATED),
        ("initializer", 5, "Tensor", _REPEATED),
        ("sparse", 15, _BYTES, _REPEATED),
    ),
    "Model": (("graph", 7, "Graph", _OPTIONAL), ("functions", 25, _BYTES, _REPEATED)),
}
"""By message: each field's name, number, type and label; all other fields are passed over."""


def check_graph(content: bytes) -> None:
    """Look at an ONNX file before it is loaded.

    Raises:
        BundleError: no ONNX file, or one that reads other files, has functions, graphs within the
            graph, or operators outside ``OPERATORS``. It names no file: the caller does.
    """
    from google.protobuf.message import DecodeError

    try:
        model = _model_class().FromString(content)
    except (DecodeError, RecursionError) as error:
        raise BundleError("is no ONNX file (its bytes are no message of protobuf)") from error
    graph = model.graph
    if not graph.node:
        raise BundleError("is no ONNX file (it has no graph)")
    if model.functions or len(graph.node) > _MOST_NODES:
        raise BundleError("holds functions of its own, or too many operators")
    for node in graph.node:
        if node.domain not in _STANDARD_DOMAINS or node.operator not in OPERATORS:
            name = f"{node.domain}.{node.operator}".lstrip(".")
            raise BundleError(f"uses the operator {name[:60]!r}, which no bundle may")
        if any(each.HasField("graph") or each.graphs for each in node.attribute):
            raise BundleError(f"has a graph within its operator {node.operator!r}")
    if any(tensor.location == _EXTERNAL or tensor.external for tensor in _tensors(graph)):
        raise BundleError("reads weights from another file, which no bundle may")
    if graph.sparse:
        raise BundleError("holds sparse weights, which no bundle may")


def _tensors(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield attribute.tensor
            yield from attribute.tensors


@cache
def _model_class() -> Any:
    """The class that reads a model's ``_FIELDS``."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="graph.proto", package="seen", syntax="proto2")
    for message, fields in _FIELDS.items():
        described = file.message_type.add(name=message)
        for name, number, kind, label in fields:
            field = described.field.add(name=name, number=number, label=label)
            field.type = _MESSAGE if isinstance(kind, str) else kind
            if isinstance(kind, str):
                field.type_name = f".seen.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("seen.Model"))
