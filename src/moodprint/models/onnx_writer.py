"""ONNX graphs put together node by node.

Needs the package ``onnx``; running a graph needs onnxruntime alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.errors import MissingExtraError

_OPSET, _IR_VERSION = 18, 9

Shape = Sequence[int | str]
"""Of a tensor; an axis whose size is not fixed has a name."""


class OnnxWriter:
    """Nodes and constants as they are added, each output under a name of its own.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed; ``extra`` brings it.
    """

    def __init__(self, extra: str) -> None:
        try:
            import onnx
        except ImportError as error:
            raise MissingExtraError("onnx", extra) from error
        self.onnx = onnx
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """A node; the name of what it gives."""
        output = output or f"{operator}_{len(self._nodes)}"
        node = self.onnx.helper.make_node(operator, list(inputs), [output], **attributes)
        self._nodes.append(node)
        return output

    def constant(self, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        name = f"constant_{len(self._constants)}"
        array = np.ascontiguousarray(value, dtype)
        self._constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def serialized(
        self,
        name: str,
        inputs: Mapping[str, tuple[npt.DTypeLike, Shape]],
        outputs: Mapping[str, tuple[npt.DTypeLike, Shape]],
    ) -> bytes:
        """The checked model, with the named inputs and outputs."""
        helper = self.onnx.helper
        graph = helper.make_graph(
            self._nodes, name, self._values(inputs), self._values(outputs), self._constants
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
        )
        self.onnx.checker.check_model(model)
        return bytes(model.SerializeToString())

    def _values(self, told: Mapping[str, tuple[npt.DTypeLike, Shape]]) -> list[Any]:
        helper = self.onnx.helper
        return [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), list(shape)
            )
            for name, (dtype, shape) in told.items()
        ]
