"""A note generator on disk: a folder with ``generator.onnx`` and ``card.json``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from moodprint.errors import BundleError, MissingFileError
from moodprint.generation.gansynth.onnx_graph import generator_onnx
from moodprint.generation.gansynth.stft import SAMPLE_RATE_HZ
from moodprint.generation.gansynth.weights import (
    HIGHEST_PITCH,
    LATENT_SIZE,
    LOWEST_PITCH,
    GeneratorWeights,
)

KIND = "note-gan"
_GRAPH, _CARD = "generator.onnx", "card.json"


@dataclass(frozen=True)
class GeneratorCard:
    """What a bundle says of its generator. ``sha256`` is that of its graph's file."""

    name: str
    source: str
    licence: str
    parameters: int
    blocks: int
    sha256: str
    kind: str = KIND
    latent_size: int = LATENT_SIZE
    lowest_pitch: int = LOWEST_PITCH
    highest_pitch: int = HIGHEST_PITCH
    sample_rate_hz: int = SAMPLE_RATE_HZ
    metrics: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)


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
) -> GeneratorCard:
    """Write a generator as a bundle; the folder is made, files of an older bundle replaced.

    Raises:
        MissingExtraError: the package ``onnx`` is not installed.
    """
    folder = Path(folder)
    graph = generator_onnx(weights, half=half)
    card = GeneratorCard(
        name=name,
        source=source,
        licence=licence,
        parameters=weights.parameters,
        blocks=len(weights.blocks),
        sha256=hashlib.sha256(graph).hexdigest(),
        metrics=metrics or {},
        training=training or {},
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _GRAPH).write_bytes(graph)
    (folder / _CARD).write_text(json.dumps(asdict(card), indent=2) + "\n")
    return card


def read_bundle(folder: str | Path) -> tuple[bytes, GeneratorCard]:
    """The graph and the card of a bundle.

    Raises:
        MissingFileError: the folder, or one of its two files, is not there.
        BundleError: the card is not that of a note generator, or the graph is not its own.
    """
    folder = Path(folder)
    for path in (folder / _CARD, folder / _GRAPH):
        if not path.is_file():
            raise MissingFileError(f"{path}: no such file (a note generator's bundle is a folder "
                                   f"with {_CARD} and {_GRAPH})")  # fmt: skip
    card = _card(folder / _CARD)
    graph = (folder / _GRAPH).read_bytes()
    if hashlib.sha256(graph).hexdigest() != card.sha256:
        raise BundleError(f"{folder / _GRAPH}: is not the file that {_CARD} was written for")
    return graph, card


def _card(path: Path) -> GeneratorCard:
    known = {item.name for item in fields(GeneratorCard)}
    try:
        values = json.loads(path.read_text())
        card = GeneratorCard(**{key: value for key, value in values.items() if key in known})
    except (ValueError, TypeError, AttributeError) as error:
        raise BundleError(f"{path}: is not the card of a note generator: {error}") from error
    if card.kind != KIND or card.sample_rate_hz != SAMPLE_RATE_HZ:
        raise BundleError(
            f"{path}: is the card of a {card.kind!r} at {card.sample_rate_hz} Hz; "
            f"expected {KIND!r} at {SAMPLE_RATE_HZ} Hz"
        )
    return card
