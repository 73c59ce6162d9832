"""Networks that a bundle may not hold; forged out of one that ships, all else of it kept."""

from contextlib import suppress

import numpy as np
import pytest

from moodprint.bundle import open_bundle, shipped_bundles
from moodprint.bundle.onnx_graph import OPERATORS, _model_class, check_graph
from moodprint.errors import BundleError
from moodprint.models.emotion_net.card import WEIGHTS

SHIPPED = [
    pytest.param(path, id=f"{path.parent.name}/{path.name}")
    for folder in shipped_bundles().values()
    for path in folder.glob("*.onnx")
]


@pytest.fixture(scope="module")
def ear():
    return open_bundle("ear").read(WEIGHTS)


@pytest.mark.parametrize("path", SHIPPED)
def test_what_ships_would_be_taken_from_a_stranger(path):
    check_graph(path.read_bytes())


def _external(model):
    model.graph.initializer[0].location = 1


def _external_by_entry(model):
    model.graph.initializer[0].external.append(b"\x0a\x08location\x12\x0b/etc/passwd")


def _external_constant(model):
    node = next(node for node in model.graph.node if node.operator == "Constant")
    node.attribute[0].tensor.location = 1


def _loop(model):
    model.graph.node.add(operator="Loop")


def _other_maker(model):
    model.graph.node[0].domain = "com.microsoft"


def _unknown(model):
    model.graph.node[0].operator = "Conv\x1b[31m"


def _within(model):
    model.graph.node[0].attribute.add(graph=b"")


def _several_within(model):
    model.graph.node[0].attribute.add(graphs=[b""])


def _functions(model):
    model.functions.append(b"")


def _sparse(model):
    model.graph.sparse.append(b"")


def _nothing(model):
    del model.graph.node[:]


def _too_many(model):
    for _ in range(100_001):
        model.graph.node.add(operator="Relu")


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (_external, "reads weights from another file"),
        (_external_by_entry, "reads weights from another file"),
        (_external_constant, "reads weights from another file"),
        (_loop, "the operator 'Loop', which no bundle may"),
        (_other_maker, "the operator 'com.microsoft."),
        (_unknown, r"operator 'Conv\\x1b\[31m'"),
        (_within, "a graph within its operator"),
        (_several_within, "a graph within its operator"),
        (_functions, "functions of its own"),
        (_sparse, "sparse weights"),
        (_nothing, "it has no graph"),
        (_too_many, "too many operators"),
    ],
)
def test_a_forged_network_is_refused_by_one_line(ear, forge, said):
    model = _model_class().FromString(ear)
    forge(model)
    with pytest.raises(BundleError, match=said) as refused:
        check_graph(model.SerializeToString())
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\x00", b"no network", b"\x3a\xff\xff\xff\xff\x0f"])
def test_what_is_no_network_is_refused(content):
    with pytest.raises(BundleError, match="is no ONNX file"):
        check_graph(content)


def test_cut_and_mutated_networks_are_taken_or_refused_and_nothing_else(ear):
    rng = np.random.default_rng(0)
    for _ in range(60):
        content = bytearray(ear[: int(rng.integers(1, 40_000))])
        for place in rng.integers(0, len(content), 8):
            content[place] = rng.integers(256)
        with suppress(BundleError):
            check_graph(bytes(content))


def test_nothing_that_loops_or_holds_a_graph_is_among_the_operators():
    assert not OPERATORS & {"Loop", "Scan", "If", "SequenceMap", "StringNormalizer"}
