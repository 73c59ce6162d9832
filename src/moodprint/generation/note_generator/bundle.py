"""A note generator on disk: a bundle with ``generator.onnx``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from moodprint.bundle import Bundle, open_bundle, write_bundle
from moodprint.errors import BundleError
from moodprint.generation.note_generator.instruments import (
    Instrument,
    instruments_json,
    parsed_instruments,
)
from moodprint.generation.note_generator.onnx_graph import generator_onnx
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.generation.note_generator.weights import (
    HIGHEST_PITCH,
    LATENT_SIZE,
    LOWEST_PITCH,
    GeneratorWeights,
)

KIND = "note-gan"
_GRAPH, _INSTRUMENTS = "generator.onnx", "instruments.json"


@dataclass(frozen=True)
class GeneratorCard:
    """What a bundle says of its generator: where it comes from, and what it can play."""

    name: str
    source: str
    licence: str
    parameters: int
    blocks: int
    version: str = "1"
    latent_size: int = LATENT_SIZE
    lowest_pitch: int = LOWEST_PITCH
    highest_pitch: int = HIGHEST_PITCH
    sample_rate_hz: int = SAMPLE_RATE_HZ
    metrics: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    data: list[dict[str, Any]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)


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
    files = {_GRAPH: graph}
    if instruments:
        files[_INSTRUMENTS] = instruments_json(instruments).encode()
    write_bundle(Path(folder), {"kind": KIND, "labels": [], **asdict(card)}, files)
    return card


def bundled_instruments(bundle: str | Path) -> dict[str, Instrument]:
    """The instruments that come with a generator, by name; often none.

    Raises:
        OptionError: there is no such bundle. BundleError: it is broken.
    """
    opened = open_bundle(bundle)
    if _INSTRUMENTS not in opened.card["files"]:
        return {}
    try:
        return parsed_instruments(opened.read(_INSTRUMENTS).decode())
    except ValueError as error:
        raise BundleError(f"{bundle}: its {_INSTRUMENTS} is broken: {error}") from error


def read_bundle(bundle: str | Path) -> tuple[bytes, GeneratorCard]:
    """The graph and the card of a bundle: a folder, a zip, or the name of a shipped one.

    Raises:
        OptionError: it is neither.
        BundleError: it is broken, or not that of a note generator.
    """
    opened = open_bundle(bundle)
    if opened.kind != KIND:
        raise BundleError(f"{bundle}: is a bundle of the kind {opened.kind!r}; expected {KIND!r}")
    return opened.read(_GRAPH), _card(opened)


def _card(bundle: Bundle) -> GeneratorCard:
    names = set(GeneratorCard.__dataclass_fields__)
    values = {key: value for key, value in bundle.card.items() if key in names}
    for key, kind in {"blocks": int, "latent_size": int, "lowest_pitch": int,
                      "highest_pitch": int, "source": str, "licence": str,
                      "parameters": int}.items():  # fmt: skip
        if not isinstance(bundle.need(key), kind):
            raise BundleError(f"{bundle.path}: its card's {key!r} is not of type {kind.__name__}")
    card = GeneratorCard(**values)
    if card.sample_rate_hz != SAMPLE_RATE_HZ:
        raise BundleError(
            f"{bundle.path}: plays at {card.sample_rate_hz} Hz; expected {SAMPLE_RATE_HZ}"
        )
    return card
