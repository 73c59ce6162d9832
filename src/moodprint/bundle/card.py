"""What a bundle's ``card.json`` says, typed and checked: what all kinds share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, ClassVar, Self

from moodprint.bundle.kinds import BundleKind
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

_SUFFIXES = frozenset({".onnx", ".safetensors", ".skops", ".json", ".md", ".txt"})
_LONGEST_NAME = 200
"""Of a name, a version or a label: a study's winner is called by all its feature sets."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the card of every bundle says. Each kind has a subclass with what its network needs.

    ``labels`` are the classes in the order of the network's outputs, none where it has no classes.
    ``files`` maps the bundle's files to their SHA-256.

    Raises:
        OptionError: no name, one too long or with characters that do not print, a label twice,
            or a file that a bundle may not hold: names are plain, and what a suffix promises is
            never code.
    """

    kind: ClassVar[BundleKind]
    """The kind whose card this is; each subclass says it."""

    name: str
    version: str
    labels: tuple[str, ...] = ()
    licence: str = "no licence given"
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name:
            raise OptionError("its name is empty")
        for text in (self.name, self.version, *self.labels):
            if len(text) > _LONGEST_NAME or not text.isprintable():
                raise OptionError(f"{text[:_LONGEST_NAME]!r} is no name, version or label")
        if len(set(self.labels)) < len(self.labels):
            raise OptionError(f"its labels name one twice: {', '.join(self.labels)}")
        for name, digest in self.files.items():
            path = PurePath(name)
            if path.name != name or "\\" in name or path.suffix not in _SUFFIXES:
                raise OptionError(f"it lists {name!r}, which a bundle may not hold")
            if not _SHA256.fullmatch(digest):
                raise OptionError(f"the SHA-256 of {name} is {digest[:70]!r}, not 64 hex digits")

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The card of a ``card.json``; what this kind of card does not use is passed over.

        Raises:
            ValueError: a value is missing, of another type, or out of its range.
        """
        return cls(**cls.values(Fields(fields)))

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """The arguments of the class; a subclass adds its own. Raises ValueError."""
        files = fields.part("files")
        own = {
            "name": fields.text("name"),
            "version": fields.text("version"),
            "labels": fields.texts("labels"),
            "files": {name: files.text(name) for name in files},
        }
        return {**own, "licence": fields.text("licence")} if "licence" in fields else own


@dataclass(frozen=True)
class ReliabilityBand:
    """Of ``answers`` on music held out that were at least so sure, and less sure than the next
    band begins, the share ``right`` was right."""

    at_least: float
    right: float
    answers: int


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities that hold, fitted on held-out groups (see the card).

    Logits are divided by ``temperature`` (Guo et al., "On calibration of modern neural networks",
    ICML 2017). A confidence below ``abstain_below`` is not credible. ``reliability`` tells
    how often answers were right by how sure they were; none where that was not measured.

    Raises:
        OptionError: a temperature that is not a positive number, a limit outside [0, 1], or bands
            that do not begin at 0 and rise.
    """

    temperature: float
    abstain_below: float
    reliability: tuple[ReliabilityBand, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.temperature < float("inf"):
            raise OptionError(f"a temperature is a positive number, not {self.temperature}")
        if not 0 <= self.abstain_below <= 1:
            raise OptionError(f"abstain_below lies in 0 to 1, not at {self.abstain_below}")
        starts = [band.at_least for band in self.reliability]
        if starts and (starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > 1):
            raise OptionError(f"bands of reliability rise from 0 to at most 1, not as {starts}")
        for band in self.reliability:
            if not 0 <= band.right <= 1:
                raise OptionError(f"a share that was right lies in 0 to 1, not at {band.right}")

    def right_at(self, confidence: float) -> float | None:
        """The share of answers as sure as this that were right; None where it is not known."""
        bands = [band for band in self.reliability if band.at_least <= confidence]
        return bands[-1].right if bands else None

    @classmethod
    def of(cls, fields: Fields) -> Calibration:
        """From the object ``calibration`` of a card. Raises ValueError."""
        bands = fields.parts("reliability") if "reliability" in fields else []
        return cls(
            fields.number("temperature"),
            fields.number("abstain_below"),
            tuple(
                ReliabilityBand(
                    band.number("at_least"), band.number("right"), band.whole("answers")
                )
                for band in bands
            ),
        )
