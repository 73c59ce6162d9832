"""Make a bundle of a trained run: its averaged generator as ONNX in 16 bits, and the card.

export.py --run run --out bundle --name orchestra --source "FluidR3_GM (MIT), ..."
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from moodprint.generation.gansynth.bundle import save_bundle
from moodprint.generation.gansynth.training.state import stored_generator

_LARGEST_MB = 20


def main() -> None:
    options = _options()
    training = json.loads((options.run / "training.json").read_text())
    training.pop("parts")
    card = save_bundle(
        options.out,
        stored_generator(options.run),
        name=options.name,
        source=options.source,
        licence=options.licence,
        half=True,
        training=training,
    )
    size_mb = (options.out / "generator.onnx").stat().st_size / 1e6
    print(f"{options.out}: {card.parameters:,} parameters, {card.blocks} blocks, {size_mb:.1f} MB")
    if size_mb > _LARGEST_MB:
        raise SystemExit(f"the graph is larger than {_LARGEST_MB} MB: too large to be shipped")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--source", required=True, help="the notes that it was trained on")
    parser.add_argument("--licence", default="Apache-2.0")
    return parser.parse_args()


if __name__ == "__main__":
    main()
