r"""Write the bundle of a trained generator.

python -m recipes.diffusion.export --run RUN --out BUNDLE --name NAME [--metrics METRICS.json]
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from moodprint.bundle import write_bundle
from moodprint.generation.diffusion.card import (
    DECODER,
    DENOISER,
    ENCODER,
    Condition,
    Latents,
    MusicGeneratorCard,
)
from moodprint.generation.note_generator.onnx_export import store_in_16_bits
from recipes.diffusion.conditions import COUNT, condition_names
from recipes.diffusion.denoiser import QUANTILES
from recipes.diffusion.inherited import REST, rest_of
from recipes.diffusion.networks import LATENT_CHANNELS, Decoder, Denoiser, Encoder
from recipes.diffusion.spectrogram import FRAMES, PICTURE, STEP_DB

LARGEST_BYTES = 20_000_000

SHRINK = 8

DATA = [
    "unlabelled music of games in Debian (free licences, see each package's copyright file)",
    "MUSIFEAST-17 (norms CC0, music for research)",
    "EMOPIA 1.0 (CC BY-NC-SA 4.0) and VGMIDI, played on General MIDI instruments (FluidR3, MIT)",
    "pieces of moodprint's own composer, played on the same instruments",
]

LIMITS = [
    "Trained for hours on two cores where others take weeks on GPUs: expect textures and moods.",
    "Mono at 32 kHz, nothing above 15 kHz. No words are sung, no melody is kept in mind for long.",
    "Instruments are asked for by families, known from music that was played from notes alone.",
    "The emotions were those that the shipped recogniser hears; do not measure it by that one.",
    "Some of the music that it learned from is for research and not for commerce.",
]


def onnx_bytes(
    module: nn.Module, example: tuple[Tensor, ...], inputs: list[str], *, any_length: bool
) -> bytes:
    """A serialised model of batch 1 with large weights in 16 bits; with ``any_length`` axis 2 of
    its input is free."""
    from onnx_ir.passes.common import ClearMetadataAndDocStringPass

    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    shapes: Any = ({2: torch.export.Dim("length")},) if any_length else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                module.eval(),
                example,
                input_names=inputs,
                output_names=["drawn"],
                dynamic_shapes=shapes,
                opset_version=18,
                dynamo=True,
                verbose=False,
            )
    finally:
        log.setLevel(level)
    ClearMetadataAndDocStringPass()(program.model)
    model = program.model_proto
    del model.graph.value_info[:]
    store_in_16_bits(model)
    return bytes(model.SerializeToString())


def graphs(encoder: Encoder, decoder: Decoder, denoiser: Denoiser) -> dict[str, bytes]:
    """The files of a bundle."""
    frames, bands = FRAMES // SHRINK, PICTURE.bands // SHRINK
    latents = torch.zeros(1, LATENT_CHANNELS, frames, bands)
    conditions, known = torch.zeros(1, COUNT), torch.ones(1, COUNT)  # one would alias
    time = torch.zeros(1)
    inputs = ["noisy", "time", "conditions", "known"]
    asked = (latents, time, conditions, known)
    pictures = torch.zeros(1, 1, FRAMES, PICTURE.bands)
    return {
        DENOISER: onnx_bytes(denoiser, asked, inputs, any_length=False),
        DECODER: onnx_bytes(decoder, (latents,), ["latents"], any_length=True),
        ENCODER: onnx_bytes(encoder, (pictures,), ["pictures"], any_length=True),
    }


def card_of(name: str, scaling: Any, training: dict[str, Any]) -> dict[str, Any]:
    """What the card says; ``scaling`` is what ``denoiser`` wrote."""
    columns = zip(
        condition_names(),
        scaling["mean"].astype(float).tolist(),
        scaling["deviation"].astype(float).tolist(),
        scaling["quantiles"].T.astype(float).tolist(),
        strict=True,
    )
    latents = Latents(
        channels=LATENT_CHANNELS,
        frames=FRAMES // SHRINK,
        bands=PICTURE.bands // SHRINK,
        shrink=SHRINK,
        scale=float(scaling["scale"]),
    )
    return {
        "name": name,
        "version": "1",
        "kind": MusicGeneratorCard.kind,
        "labels": [],
        "licence": "Apache-2.0; learned in part from music for research, see data",
        "spectrogram": asdict(PICTURE),
        "range_db": 255 * STEP_DB,
        "latents": asdict(latents),
        "shares": list(QUANTILES),
        "conditions": [asdict(Condition(*column)) for column in columns],
        "training": {"recipe": "recipes/diffusion", **training},
        "data": [{"music": text} for text in DATA],
        "limits": LIMITS,
    }


def trained(run: Path) -> tuple[Encoder, Decoder, Denoiser, dict[str, Any]]:
    """The averaged networks of a run, and how far its trainings are."""
    coder, denoiser = nn.ModuleList([Encoder(), Decoder()]), Denoiser()
    steps = {}
    for name, network in (("autoencoder", coder), ("denoiser", denoiser)):
        saved = torch.load(run / f"{name}.pt", map_location="cpu", weights_only=True)
        network.load_state_dict(saved["average"])
        steps[f"{name}_steps"] = int(saved["step"])
    return coder[0], coder[1], denoiser, {**steps, "batch": 16}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default="composer")
    parser.add_argument("--metrics", type=Path, help="JSON of what was measured, for the card")
    options = parser.parse_args()
    encoder, decoder, denoiser, training = trained(options.run)
    with np.load(options.run / "scaling.npz") as scaling:
        card = card_of(options.name, scaling, training)
    if options.metrics:
        card["metrics"] = json.loads(options.metrics.read_text())
    files = graphs(encoder, decoder, denoiser)
    networks = {ENCODER: encoder, DECODER: decoder, DENOISER: denoiser}
    files[REST] = rest_of(networks, files)
    total = sum(map(len, files.values()))
    if total > LARGEST_BYTES:
        raise SystemExit(f"the networks have {total} bytes, over {LARGEST_BYTES}")
    write_bundle(options.out, card, files)
    print(f"{options.out}: {total / 1e6:.1f} MB, {training}")


if __name__ == "__main__":
    main()
