"""Make a bundle of a trained run: its averaged generator as ONNX in 16 bits, and the card.

python -m recipes.note_generator.export --run run --out bundle --name band \
    --source "FluidR3_GM" --notes notes --apart held-out

With --notes the generator is judged (`moodprint evaluate notes`), and its card tells the scores.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.bundle import save_bundle
from moodprint.generation.note_generator.generator import Generator, load_generator
from moodprint.generation.note_generator.instruments import Instrument, heard_timbre
from moodprint.generation.note_generator.weights import LATENT_SIZE
from moodprint.generation.note_quality.evaluate import evaluate_notes
from recipes.note_generator.state import stored_generator, stored_instruments

_LARGEST_MB = 20


def main() -> None:
    options = _options()
    card: dict[str, Any] = {
        "name": options.name,
        "source": options.source,
        "licence": options.licence,
        "half": True,
        "training": _training(options.run) | ({"story": options.story} if options.story else {}),
        "data": _data(options.notes) if options.notes else [],
        "limits": options.limits,
    }
    weights = stored_generator(options.run)
    save_bundle(options.out, weights, **card)
    instruments = _instruments(load_generator(options.out), stored_instruments(options.run))
    metrics = _metrics(options) if options.notes else {}
    save_bundle(options.out, weights, **card, metrics=metrics, instruments=instruments)
    size_mb = (options.out / "generator.onnx").stat().st_size / 1e6
    print(
        f"{options.out}: {weights.parameters:,} parameters, {len(weights.blocks)} blocks, "
        f"{len(instruments)} instruments, {size_mb:.1f} MB"
    )
    if size_mb > _LARGEST_MB:
        raise SystemExit(f"the graph is larger than {_LARGEST_MB} MB: too large to be shipped")


def _training(run: Path) -> dict[str, Any]:
    training = json.loads((run / "training.json").read_text())
    training["settings"].pop("instruments", None)
    return {key: value for key, value in training.items() if key != "parts"}


def _data(notes: Path) -> list[dict[str, Any]]:
    """How many notes of which source there were, and the SHA-256 of all parts in their order."""
    paths = sorted(notes.glob("notes-*.flac"))
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


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
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
        timbre = heard_timbre(generator, np.array(rounded, np.float32))
        instruments[plain.replace(",", "").replace("+", "and")] = Instrument(rounded, timbre)
    return instruments


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--source", required=True, help="the notes that it was trained on")
    parser.add_argument("--licence", default="Apache-2.0")
    parser.add_argument("--story", help="what the settings do not say of how it was trained")
    parser.add_argument("--limits", nargs="*", help="what a user should know of its limits")
    parser.add_argument("--notes", type=Path, help="the prepared notes, to judge by")
    parser.add_argument("--apart", type=Path, help="prepared notes of other instruments")
    return parser.parse_args()


if __name__ == "__main__":
    main()
