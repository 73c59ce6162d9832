"""A trained model on disk: a folder or zip of weights, and a card that says what they are."""

from moodprint.bundle.bundle import (
    CARD,
    DEFAULT,
    DEFAULT_GENERATOR,
    DEFAULT_MUSIC_GENERATOR,
    Bundle,
    open_bundle,
    shipped_bundles,
    write_bundle,
)
from moodprint.bundle.card import Calibration, Card, ReliabilityBand
from moodprint.bundle.kinds import HEARING, KINDS, BundleKind, KindEntry

__all__ = [
    "CARD",
    "DEFAULT",
    "DEFAULT_GENERATOR",
    "DEFAULT_MUSIC_GENERATOR",
    "HEARING",
    "KINDS",
    "Bundle",
    "BundleKind",
    "Calibration",
    "Card",
    "KindEntry",
    "ReliabilityBand",
    "open_bundle",
    "shipped_bundles",
    "write_bundle",
]
