"""From the network to the graph, and from the graph to what the original would have played."""

from __future__ import annotations

from pathlib import Path

import literal_generator
import numpy as np
import pytest
from magenta_checkpoint import FakeReader

torch = pytest.importorskip("torch", reason="the network is torch's")
onnx = pytest.importorskip("onnx", reason="graphs are changed by the package onnx")
pytest.importorskip("onnxscript", reason="torch's exporter asks for it")

from moodprint.bundle import DEFAULT_GENERATOR, shipped_bundles  # noqa: E402
from moodprint.generation.note_generator.architecture import (  # noqa: E402
    Normalizer,
    feature_counts,
)
from moodprint.generation.note_generator.bundle import save_bundle  # noqa: E402
from moodprint.generation.note_generator.card import GeneratorCard  # noqa: E402
from moodprint.generation.note_generator.generator import Generator, load_generator  # noqa: E402
from moodprint.generation.note_generator.magenta import network_of  # noqa: E402
from moodprint.generation.note_generator.network_torch import GeneratorNetwork  # noqa: E402
from moodprint.generation.note_generator.onnx_export import (  # noqa: E402
    PlayedGenerator,
    generator_onnx,
    store_in_16_bits,
)

pytestmark = pytest.mark.long  # an export takes some ten seconds

LATENTS = np.random.default_rng(5).normal(size=(3, 256)).astype(np.float32)
PITCHES = np.array([24, 60, 84])
GUIDED_NORMALIZER = Normalizer(0.07, 0.1, 0.8, 0.0)


def _loaded(folder: Path, graph: bytes) -> Generator:
    save_bundle(folder, graph, GeneratorCard(name="a", source="b", parameters=0, blocks=7))
    return load_generator(folder)


@pytest.fixture(scope="module")
def graph(variables: dict[str, np.ndarray]) -> bytes:
    """That of a small generator of Magenta's, all seven blocks."""
    return generator_onnx(network_of(FakeReader(variables)), _original_normalizer())


@pytest.fixture(scope="module")
def guided() -> GeneratorNetwork:
    torch.manual_seed(0)
    return GeneratorNetwork(feature_counts(7, 512, 16), guided=True)


@pytest.fixture(scope="module")
def guided_graph(guided: GeneratorNetwork) -> bytes:
    return generator_onnx(guided, GUIDED_NORMALIZER)


def _original_normalizer() -> Normalizer:
    n = literal_generator.NORMALIZER
    return Normalizer(*(n[f"{k}_normalizer_{c}"] for k in ("mag", "p") for c in "ab"))


def test_it_plays_what_the_original_would(
    tmp_path: Path, graph: bytes, variables: dict[str, np.ndarray]
) -> None:
    ours = _loaded(tmp_path, graph).melspecgram(LATENTS, PITCHES)
    assert ours.shape == (3, 128, 1024, 2)
    assert ours.dtype == np.float32
    literal = literal_generator.melspecgram(variables, LATENTS, PITCHES)
    assert np.abs(ours - literal).mean() < 1e-5
    assert np.abs(ours - literal).max() < 5e-3  # where features are all near zero, norms magnify


@pytest.mark.parametrize("blocks", [1, 3])
def test_a_generator_that_is_not_fully_grown_plays_coarsely(
    tmp_path: Path, variables: dict[str, np.ndarray], blocks: int
) -> None:
    young = {n: v for n, v in variables.items() if int(n.split("block_")[1][0]) <= blocks}
    generator = _loaded(
        tmp_path, generator_onnx(network_of(FakeReader(young)), _original_normalizer())
    )
    ours = generator.melspecgram(LATENTS[:1], PITCHES[:1])
    factor = 2 ** (7 - blocks)
    literal = literal_generator.melspecgram(young, LATENTS[:1], PITCHES[:1])
    whole = literal.repeat(factor, axis=1).repeat(factor, axis=2)
    np.testing.assert_allclose(ours, whole, atol=5e-4)
    note = generator.waveform(LATENTS[:1], PITCHES[:1])[0]
    for samples in (1, 5_000, 43_200):
        beginning = generator.beginnings(LATENTS[:1], PITCHES[:1], [samples])[0]
        np.testing.assert_allclose(beginning, note[:samples], atol=1e-4 * np.abs(note).max())


def test_a_graph_takes_any_batch_and_any_number_of_frames(
    guided: GeneratorNetwork, guided_graph: bytes
) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(guided_graph, providers=["CPUExecutionProvider"])
    played = PlayedGenerator(guided, GUIDED_NORMALIZER)
    for batch, frames in ((1, 1), (1, 128), (3, 17)):
        inputs = {"latent": LATENTS[:batch], "pitch_midi": PITCHES[:batch]}
        answer = session.run(["melspecgram"], inputs | {"frames": np.array([frames])})[0]
        with torch.no_grad():
            wanted = played(*map(torch.from_numpy, inputs.values()), torch.tensor([frames]))
        assert answer.shape == (batch, frames, 1024, 2)
        off = np.abs(answer - wanted.numpy())
        assert off.mean() < 1e-5
        assert off.max() < 5e-3  # as above


def test_half_the_size_plays_nearly_the_same(tmp_path: Path, guided_graph: bytes) -> None:
    model = onnx.load_from_string(guided_graph)
    store_in_16_bits(model)
    onnx.checker.check_model(model, full_check=True)
    halved_graph = model.SerializeToString()
    assert len(halved_graph) < 0.55 * len(guided_graph)
    whole = _loaded(tmp_path / "whole", guided_graph).melspecgram(LATENTS, PITCHES)
    halved = _loaded(tmp_path / "halved", halved_graph).melspecgram(LATENTS, PITCHES)
    assert 0 < np.abs(whole - halved).mean() < 0.02


def test_a_graph_has_the_ports_and_the_operators_of_the_one_that_ships(guided_graph: bytes) -> None:
    shipped = onnx.load(shipped_bundles()[DEFAULT_GENERATOR] / "generator.onnx").graph
    ours = onnx.load_from_string(guided_graph).graph
    for side in ("input", "output"):
        ports, wanted = getattr(ours, side), getattr(shipped, side)
        assert [port.name for port in ports] == [port.name for port in wanted]
        assert [port.type for port in ports] == [port.type for port in wanted]
    operators = {node.op_type for node in ours.node}
    assert "ConvTranspose" in operators, "repeated pixels are convolved at 4 / 9 of the cost"
    assert not {"If", "Loop", "Resize", "Pad"} & operators


def test_a_graph_says_nothing_of_the_machine_that_made_it(guided_graph: bytes) -> None:
    model = onnx.load_from_string(guided_graph)
    assert not model.graph.value_info
    for node in model.graph.node:
        assert not node.doc_string
        assert not node.metadata_props
    assert b"site-packages" not in guided_graph
    assert str(Path(__file__).parents[3]).encode() not in guided_graph


def test_export_leaves_the_network_as_it_was(guided: GeneratorNetwork) -> None:
    assert all(p.requires_grad for p in guided.parameters())
