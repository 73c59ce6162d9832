"""What a picture can be asked for by name: the columns of the conditions, in the networks' order.

NaN stands for what is not known of a picture: the key of a recording, say.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from moodprint.bundle import open_bundle
from moodprint.emotion import EMOTIONS
from moodprint.models.music_tagger.card import MusicTaggerCard
from recipes.diffusion.measured import MEASURED

FAMILIES = {
    "piano": range(6),
    "harpsichord": (6, 7),
    "mallets": range(8, 15),
    "organ": (*range(16, 21), 22),
    "accordion": (21, 23),
    "guitar": range(24, 29),
    "distorted guitar": (29, 30),
    "bass": range(32, 40),
    "strings": (*range(40, 46), 48, 49, 50, 51),
    "harp": (46, 15, 107),
    "choir": range(52, 55),
    "brass": range(56, 64),
    "saxophone": range(64, 68),
    "woodwind": range(68, 80),
    "synthesizer": range(80, 104),
}
"""The General MIDI programs (from 0) of each family that sounds alike."""

PLAYED = ("minor", "drums", *FAMILIES)
"""Known of music that was played from notes: 1 or 0."""

HEARD_BY_NETWORKS = 57
"""MusiCNN's 50 tags, the five emotions, valence and arousal."""

COUNT = HEARD_BY_NETWORKS + len(MEASURED) + len(PLAYED)


def condition_names() -> list[str]:
    """Of all conditions, in the order of the network's inputs."""
    tags = open_bundle("musicnn").card_as(MusicTaggerCard).tags["MSD"]
    emotions = [emotion.value for emotion in EMOTIONS]
    # MusiCNN has tags of those names too, which mean the same and are known less surely.
    others = {*emotions, *PLAYED}
    tags = tuple(f"{tag} (tag)" if tag in others else tag for tag in tags)
    return [*tags, *emotions, "valence", "arousal", *MEASURED, *PLAYED]


def played(programs: Iterable[int], *, drums: bool, minor: bool | None = None) -> np.ndarray:
    """Values [len(PLAYED)] of music by those General MIDI programs."""
    used = set(programs)
    values = [float(bool(used & set(family))) for family in FAMILIES.values()]
    mode = np.nan if minor is None else float(minor)
    return np.array([mode, float(drums), *values], np.float32)


def unknown() -> np.ndarray:
    """The same of a recording."""
    return np.full(len(PLAYED), np.nan, np.float32)
