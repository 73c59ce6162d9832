"""A note generator on disk: a bundle with ``generator.onnx``, and often instruments by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from moodprint.bundle import open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.generation.note_generator.card import GRAPH, INSTRUMENTS, GeneratorCard
from moodprint.generation.note_generator.instruments import (
    Instrument,
    instruments_json,
    parsed_instruments,
)


def save_bundle(
    folder: str | Path,
    graph: bytes,
    card: GeneratorCard,
    instruments: Mapping[str, Instrument] | None = None,
) -> None:
    """Write a generator's graph (see ``onnx_export``), its card, and the instruments that come with
    it; the folder is made, an older bundle there replaced."""
    files = {GRAPH: graph}
    if instruments:
        files[INSTRUMENTS] = instruments_json(instruments).encode()
    write_bundle(Path(folder), {"kind": card.kind, **asdict(card)}, files)


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
