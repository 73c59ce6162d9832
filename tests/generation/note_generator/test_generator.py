"""The way from a bundle to a note."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from cards import generator_card
from recipes.note_generator.pitch_clarity import clarity

from moodprint.bundle import DEFAULT_GENERATOR, write_bundle
from moodprint.errors import BundleError, OptionError
from moodprint.generation.note_generator import Generator, load_generator, waveform_from_melspecgram
from moodprint.generation.note_generator.bundle import bundled_instruments

LATENTS = np.random.default_rng(5).normal(size=(3, 256)).astype(np.float32)
PITCHES = np.array([24, 60, 84])


@pytest.fixture(scope="module")
def generator() -> Generator:
    return load_generator(DEFAULT_GENERATOR, threads=2)


def test_a_note_is_the_same_in_any_batch_and_with_any_threads(generator: Generator) -> None:
    together = generator.waveform(LATENTS, PITCHES)
    single = load_generator(DEFAULT_GENERATOR, threads=1)
    alone = single.waveform(LATENTS[1:2], PITCHES[1:2])
    assert together.shape == (3, 64_000)
    np.testing.assert_array_equal(together[1:2], alone)
    melspecgram = generator.melspecgram(LATENTS[1:2], PITCHES[1:2])
    assert melspecgram.shape == (1, 128, 1024, 2)
    assert melspecgram.dtype == np.float32
    np.testing.assert_array_equal(alone, waveform_from_melspecgram(melspecgram))


def test_the_beginning_of_a_note_is_that_of_the_whole(generator: Generator) -> None:
    whole = generator.waveform(LATENTS, PITCHES)
    lengths = [1, 5_000, 43_200]
    for note, beginning, samples in zip(
        whole, generator.beginnings(LATENTS, PITCHES, lengths), lengths, strict=True
    ):
        assert beginning.shape == (samples,)
        np.testing.assert_allclose(beginning, note[:samples], atol=1e-4 * np.abs(note).max())


def test_a_short_beginning_takes_less_work(generator: Generator) -> None:
    spent = []
    for samples in (64_000, 4_000):
        generator.beginnings(LATENTS, PITCHES, [samples] * 3)
        before = time.process_time()
        generator.beginnings(LATENTS, PITCHES, [samples] * 3)
        spent.append(time.process_time() - before)
    assert spent[1] < 0.5 * spent[0]


@pytest.mark.parametrize("lengths", [[1, 1], [0, 1, 1], [1, 1, 64_001]])
def test_lengths_that_cannot_be_are_refused(generator: Generator, lengths: list[int]) -> None:
    with pytest.raises(OptionError):
        generator.beginnings(LATENTS, PITCHES, lengths)


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
    generator: Generator, latents: np.ndarray, pitches: np.ndarray
) -> None:
    with pytest.raises(OptionError):
        generator.melspecgram(latents, pitches)


def test_a_missing_or_altered_bundle_is_refused(own_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError):
        load_generator(tmp_path / "nowhere")
    graph = own_bundle / "generator.onnx"
    graph.write_bytes(graph.read_bytes() + b"x")
    with pytest.raises(BundleError, match="not what its card says"):
        load_generator(own_bundle)


@pytest.mark.parametrize(
    "change", [{"kind": "study"}, {"sample_rate_hz": 44_100}, {"blocks": None}]
)
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


def test_playing_loads_neither_torch_nor_onnx() -> None:
    program = (
        "import sys, numpy as np\n"
        "from moodprint.generation.note_generator import load_generator\n"
        f"load_generator({DEFAULT_GENERATOR!r}).waveform(np.ones((1, 256)), [60])\n"
        "print(sorted({'torch', 'onnx', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_generator_that_ships_is_in_tune(generator: Generator) -> None:
    latents = np.random.default_rng(1).normal(size=(6, 256)).astype(np.float32)
    pitches = [24, 36, 48, 60, 72, 84]
    for note, pitch in zip(generator.waveform(latents, pitches), pitches, strict=True):
        found = clarity(note, pitch)
        assert found.share > 0.8
        assert abs(found.cents) < 15
    known = bundled_instruments("band")
    assert {"flute", "violin", "harp"} <= set(known)
