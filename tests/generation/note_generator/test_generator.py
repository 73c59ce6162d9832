"""The whole way of a checkpoint: Magenta's files, our bundle, onnxruntime, a note."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import literal_generator
import numpy as np
import pytest
from cards import generator_card
from recipes.note_generator.pitch_clarity import clarity

from moodprint.bundle import write_bundle
from moodprint.errors import BundleError, OptionError
from moodprint.generation.note_generator import load_generator, waveform_from_melspecgram
from moodprint.generation.note_generator.bundle import bundled_instruments, save_bundle
from moodprint.generation.note_generator.instruments import Instrument, Timbre
from moodprint.generation.note_generator.magenta import read_magenta
from moodprint.generation.note_generator.weights import GeneratorWeights

pytest.importorskip("onnx", reason="building a generator's graph needs the package onnx")

LATENTS = np.random.default_rng(5).normal(size=(3, 256)).astype(np.float32)
PITCHES = np.array([24, 60, 84])


@pytest.fixture(scope="module")
def weights(magenta_original: Path) -> GeneratorWeights:
    return read_magenta(magenta_original)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, weights: GeneratorWeights) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    save_bundle(folder, weights, name="small", source="a test", licence="none")
    return folder


@pytest.fixture
def own_bundle(tmp_path: Path, bundle: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(bundle, tmp_path / "bundle"))


def test_it_plays_what_the_original_would(bundle: Path, variables: dict[str, np.ndarray]) -> None:
    ours = load_generator(bundle).melspecgram(LATENTS, PITCHES)
    assert ours.shape == (3, 128, 1024, 2)
    assert ours.dtype == np.float32
    literal = literal_generator.melspecgram(variables, LATENTS, PITCHES)
    assert np.abs(ours - literal).mean() < 1e-5
    assert np.abs(ours - literal).max() < 5e-3  # where features are all near zero, norms magnify


def test_a_generator_that_is_not_fully_grown_plays_coarsely(
    tmp_path: Path, variables: dict[str, np.ndarray], weights: GeneratorWeights
) -> None:
    young = GeneratorWeights(weights.blocks[:3], weights.normalizer)
    save_bundle(tmp_path / "young", young, name="young", source="a test", licence="none")
    ours = load_generator(tmp_path / "young").melspecgram(LATENTS[:1], PITCHES[:1])
    three = {name: v for name, v in variables.items() if int(name.split("block_")[1][0]) <= 3}
    literal = literal_generator.melspecgram(three, LATENTS[:1], PITCHES[:1])
    enlarged = literal.repeat(16, axis=1).repeat(16, axis=2)
    np.testing.assert_allclose(ours, enlarged, atol=5e-4)


def test_half_the_size_plays_nearly_the_same(tmp_path: Path, weights: GeneratorWeights) -> None:
    for half in (False, True):
        save_bundle(tmp_path / str(half), weights, name="small", source="", licence="", half=half)
    whole = load_generator(tmp_path / "False").melspecgram(LATENTS[:1], PITCHES[:1])
    halved = load_generator(tmp_path / "True").melspecgram(LATENTS[:1], PITCHES[:1])
    assert 0 < np.abs(whole - halved).mean() < 0.02
    sizes = [(tmp_path / name / "generator.onnx").stat().st_size for name in ("True", "False")]
    assert sizes[0] < 0.65 * sizes[1]


def test_a_note_is_the_same_in_any_batch_and_with_any_threads(bundle: Path) -> None:
    together = load_generator(bundle, threads=2).waveform(LATENTS, PITCHES)
    alone = load_generator(bundle, threads=1).waveform(LATENTS[1:2], PITCHES[1:2])
    assert together.shape == (3, 64_000)
    np.testing.assert_array_equal(together[1:2], alone)
    melspecgram = load_generator(bundle).melspecgram(LATENTS[1:2], PITCHES[1:2])
    np.testing.assert_array_equal(alone, waveform_from_melspecgram(melspecgram))


@pytest.mark.parametrize("blocks", [1, 3, 7])
def test_the_beginning_of_a_note_is_that_of_the_whole(
    tmp_path: Path, weights: GeneratorWeights, blocks: int
) -> None:
    part = GeneratorWeights(weights.blocks[:blocks], weights.normalizer)
    save_bundle(tmp_path, part, name="small", source="", licence="")
    generator = load_generator(tmp_path)
    whole = generator.waveform(LATENTS, PITCHES)
    lengths = [1, 5_000, 43_200]
    for note, beginning, samples in zip(
        whole, generator.beginnings(LATENTS, PITCHES, lengths), lengths, strict=True
    ):
        assert beginning.shape == (samples,)
        np.testing.assert_allclose(beginning, note[:samples], atol=1e-4 * np.abs(note).max())


def test_a_short_beginning_takes_less_work(bundle: Path) -> None:
    generator = load_generator(bundle, threads=1)
    spent = []
    for samples in (64_000, 4_000):
        generator.beginnings(LATENTS, PITCHES, [samples] * 3)
        before = time.process_time()
        generator.beginnings(LATENTS, PITCHES, [samples] * 3)
        spent.append(time.process_time() - before)
    assert spent[1] < 0.5 * spent[0]


@pytest.mark.parametrize("lengths", [[1, 1], [0, 1, 1], [1, 1, 64_001]])
def test_lengths_that_cannot_be_are_refused(bundle: Path, lengths: list[int]) -> None:
    with pytest.raises(OptionError):
        load_generator(bundle).beginnings(LATENTS, PITCHES, lengths)


@pytest.mark.parametrize(
    ("latents", "pitches"),
    [
        (LATENTS[:, :9], PITCHES),
        (LATENTS[:0], PITCHES[:0]),
        (LATENTS, PITCHES[:2]),
        (LATENTS, PITCHES + 0.5),
        (LATENTS, PITCHES - 1),
        (LATENTS, PITCHES + 1),
    ],
)
def test_what_cannot_be_played_is_refused(
    bundle: Path, latents: np.ndarray, pitches: np.ndarray
) -> None:
    with pytest.raises(OptionError):
        load_generator(bundle).melspecgram(latents, pitches)


def test_a_bundle_tells_what_it_is(bundle: Path, weights: GeneratorWeights) -> None:
    card = load_generator(bundle).card
    assert (card.name, card.source, card.blocks) == ("small", "a test", 7)
    assert card.parameters == weights.parameters


def test_a_missing_or_altered_bundle_is_refused(own_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError):
        load_generator(tmp_path / "nowhere")
    graph = own_bundle / "generator.onnx"
    graph.write_bytes(graph.read_bytes() + b"x")
    with pytest.raises(BundleError, match="not what its card says"):
        load_generator(own_bundle)


@pytest.mark.parametrize("change", [{"kind": "ear"}, {"sample_rate_hz": 44_100}, {"blocks": None}])
def test_a_card_of_something_else_is_refused(own_bundle: Path, change: dict[str, object]) -> None:
    card = json.loads((own_bundle / "card.json").read_text())
    (own_bundle / "card.json").write_text(json.dumps({**card, **change}))
    with pytest.raises(BundleError):
        load_generator(own_bundle)


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_a_broken_card_is_refused(own_bundle: Path, text: str) -> None:
    (own_bundle / "card.json").write_text(text)
    with pytest.raises(BundleError, match="card"):
        load_generator(own_bundle)


def test_a_graph_that_is_none_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path, generator_card(), {"generator.onnx": b"no graph"})
    with pytest.raises(BundleError, match="does not load"):
        load_generator(tmp_path)


def test_playing_loads_neither_torch_nor_onnx(bundle: Path) -> None:
    program = (
        "import sys, numpy as np\n"
        "from moodprint.generation.note_generator import load_generator\n"
        f"load_generator({str(bundle)!r}).waveform(np.ones((1, 256)), [60])\n"
        "print(sorted({'torch', 'onnx', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_instruments_come_with_a_bundle(tmp_path: Path, weights: GeneratorWeights) -> None:
    flute = Instrument(tuple(float(value) for value in range(256)), Timbre(2.0, 0.5, 0.1))
    about = {"name": "small", "source": "", "licence": ""}
    save_bundle(tmp_path, weights, **about, instruments={"flute": flute})
    assert bundled_instruments(tmp_path) == {"flute": flute}
    (tmp_path / "instruments.json").write_text("{}")
    with pytest.raises(BundleError, match="not what its card says"):
        bundled_instruments(tmp_path)
    save_bundle(tmp_path / "without", weights, **about)
    assert bundled_instruments(tmp_path / "without") == {}


def test_the_generator_that_ships_is_in_tune() -> None:
    generator = load_generator("band")
    latents = np.random.default_rng(1).normal(size=(6, 256)).astype(np.float32)
    pitches = [24, 36, 48, 60, 72, 84]
    for note, pitch in zip(generator.waveform(latents, pitches), pitches, strict=True):
        found = clarity(note, pitch)
        assert found.share > 0.8
        assert abs(found.cents) < 15
    known = bundled_instruments("band")
    assert {"flute", "violin", "harp"} <= set(known)
