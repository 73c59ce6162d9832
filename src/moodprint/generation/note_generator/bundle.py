"""A note generator on disk: a bundle with ``generator.onnx``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moodprint.bundle import open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.generation.note_generator.card import GRAPH, INSTRUMENTS, GeneratorCard
from moodprint.generation.note_generator.instruments import (
    Instrument,
    instruments_json,
    parsed_instruments,
)
from moodprint.generation.note_generator.onnx_graph import generator_onnx
from moodprint.generation.note_generator.weights import GeneratorWeights


def save_bundle(
    folder: str | Path,
    weights: GeneratorWeights,
    *,
    name: str,
    source: str,
    licence: str,
    half: bool = False,
    metrics: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
    data: list[dict[str, Any]] | None = None,
    limits: list[str] | None = None,
    instruments: Mapping[str, Instrument] | None = None,
) -> GeneratorCard:
    """Write a generator as a bundle; the folder is made, an older bundle there replaced.

    ``half`` stores it in 16 bits: half the size, and nearly the same sound. ``instruments`` come
    with it by name.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed.
    """
    graph = generator_onnx(weights, half=half)
    card = GeneratorCard(
        name=name,
        source=source,
        licence=licence,
        parameters=weights.parameters,
        blocks=len(weights.blocks),
        metrics=metrics or {},
        training=training or {},
        data=data or [],
        limits=limits or [],
    )
    files = {GRAPH: graph}
    if instruments:
        files[INSTRUMENTS] = instruments_json(instruments).encode()
    write_bundle(Path(folder), {"kind": card.kind, **asdict(card)}, files)
    return card


def bundled_instruments(bundle: str | Path) -> dict[str, Instrument]:
    """The instruments that come with a generator, by name; often none.

    Raises:
        OptionError: there is no such bundle. BundleError: it is broken.
    """
    opened = open_bundle(bundle)
    if INSTRUMENTS not in opened.card.files:
        return {}
    try:
        return parsed_instruments(opened.read(INSTRUMENTS).decode())
    except ValueError as error:
        raise BundleError(f"{bundle}: its {INSTRUMENTS} is broken: {error}") from error
