"""Make a bundle of a trained run: its averaged generator as ONNX in 16 bits, and the card.

python -m recipes.note_generator.export --run run --out bundle --name band \
    --source "FluidR3_GM" --notes notes --apart held-out

With --notes the generator is scored (`moodprint evaluate notes`), and its card tells the scores.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.architecture import LATENT_SIZE
from moodprint.generation.note_generator.bundle import save_bundle
from moodprint.generation.note_generator.card import GeneratorCard
from moodprint.generation.note_generator.generator import Generator, load_generator
from moodprint.generation.note_generator.instruments import Instrument
from moodprint.generation.note_generator.onnx_export import generator_onnx
from moodprint.generation.note_generator.timbre import instrument_timbre
from moodprint.generation.note_quality.evaluate import evaluate_notes
from moodprint.generation.note_quality.note_shards import shards
from recipes.note_generator.run_folder import CARD, StoredRun

_LARGEST_MB = 20
"""What a package of Python may carry without becoming a burden; a full-size network has 18 MB."""


def main() -> None:
    """Export as the command line says."""
    options = _options()
    run = StoredRun.open(options.run)
    network = run.generator()
    graph = generator_onnx(network, run.normalizer, half=True)
    card = GeneratorCard(
        name=options.name,
        source=options.source,
        licence=options.licence,
        parameters=network.parameter_count,
        blocks=len(network.blocks),
        training=_training(options.run) | ({"story": options.story} if options.story else {}),
        data=_data(options.notes) if options.notes else [],
        limits=options.limits or [],
    )
    save_bundle(options.out, graph, card)
    instruments = _instruments(load_generator(options.out), run.instrument_points())
    card = replace(card, metrics=_metrics(options) if options.notes else {})
    save_bundle(options.out, graph, card, instruments)
    size_mb = len(graph) / 1e6
    print(
        f"{options.out}: {card.parameters:,} parameters, {card.blocks} blocks, "
        f"{len(instruments)} instruments, {size_mb:.1f} MB"
    )
    if size_mb > _LARGEST_MB:
        raise SystemExit(f"the graph is larger than {_LARGEST_MB} MB: too large to be shipped")


def _training(run: Path) -> dict[str, Any]:
    """What the run's card says, but for what its files are called."""
    training = json.loads((run / CARD).read_text())
    training["settings"].pop("instruments", None)
    return {key: value for key, value in training.items() if key != "parts"}


def _data(notes: Path) -> list[dict[str, Any]]:
    """How many notes of which source there were, and the SHA-256 of all shards in their order."""
    paths = shards(notes)
    sources = Counter(
        label["source"]
        for path in paths
        for label in json.loads(path.with_suffix(".json").read_text())
    )
    content = sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    return [
        {"name": name, "notes": count, "sha256": content} for name, count in sorted(sources.items())
    ]


def _metrics(options: argparse.Namespace) -> dict[str, Any]:
    found = evaluate_notes(options.out, options.notes, options.apart)
    return {name: _rounded(asdict(one)) for name, one in found.items()}


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _rounded(value) if isinstance(value, dict) else round(value, 4)
        for key, value in values.items()
    }


def _instruments(generator: Generator, points: Mapping[str, FloatArray]) -> dict[str, Instrument]:
    """The learned points as instruments, by their names alone where those are not taken twice.

    Values that carry no timbre are drawn at random, so that a point is as long as others are.
    """
    short = {name: name.rsplit(" (", 1)[0].lower() for name in points}
    often = Counter(short.values())
    random = np.random.default_rng(0)
    instruments = {}
    for name, point in points.items():
        latent = random.standard_normal(LATENT_SIZE).astype(np.float32)
        latent[: len(point)] = point
        plain = short[name] if often[short[name]] == 1 else name.lower()
        rounded = tuple(round(float(value), 4) for value in latent)
        timbre = instrument_timbre(generator, np.array(rounded, np.float32))
        instruments[plain.replace(",", "").replace("+", "and")] = Instrument(rounded, timbre)
    return instruments


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--source", required=True, help="the notes that it was trained on")
    parser.add_argument("--licence", default="Apache-2.0")
    parser.add_argument("--story", help="what the settings do not say of how it was trained")
    parser.add_argument("--limits", nargs="*", help="what a user should know of its limits")
    parser.add_argument("--notes", type=Path, help="the prepared notes, to score by")
    parser.add_argument("--apart", type=Path, help="prepared notes of other instruments")
    return parser.parse_args()


if __name__ == "__main__":
    main()
