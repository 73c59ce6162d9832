"""A model small enough to read, that imitates a network from the cues of music alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.measure import Cues
from moodprint.recognition.explanation.cues.table import CUES

FILE = "explanation.json"
"""Lies beside the network in its bundle, which lists only what an analysis needs."""

FURTHEST = 3.0
"""Deviations count up to so many standard deviations: beyond, the bend would grow with their
square, where the fit has seen little music."""


@dataclass(frozen=True)
class CueEffect:
    """What a cue adds to the logits of the emotions.

    ``mean`` and ``deviation`` are those of real music, on the scale where the cue's differences
    count; ``slope`` and ``bend`` [K] are the effects of a cue z standard deviations from the mean:
    slope * z + bend * (z * z - 1).
    """

    kind: CueKind
    mean: float
    deviation: float
    slope: FloatArray
    bend: FloatArray

    def place(self, value: float | None) -> float:
        """How far from the mean, in standard deviations; 0 for what cannot be told."""
        if value is None:
            return 0.0
        z = (self.kind.scaled(value) - self.mean) / self.deviation
        return float(np.clip(z, -FURTHEST, FURTHEST))

    def logits(self, value: float | None) -> FloatArray:
        """[K]; zeros for what cannot be told."""
        if value is None:
            return np.zeros(len(EMOTIONS), np.float32)
        z = self.place(value)
        return self.slope * z + self.bend * (z * z - 1)


@dataclass(frozen=True)
class Surrogate:
    """Logits of the emotions as a sum: an intercept [K] and the effect of each cue.

    Fitted to the answers of one network (``recipes/ear/explain.py``); ``agreement`` is how often
    its likeliest emotion is the network's, on groups that it was not fitted to.
    """

    effects: tuple[CueEffect, ...]
    intercept: FloatArray
    agreement: float

    def logits(self, cues: Cues) -> FloatArray:
        """What each cue adds [C, K]; with the intercept they sum to the surrogate's logits."""
        return np.stack([each.logits(cues.values[each.kind.name]) for each in self.effects])

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Surrogate:
        """Raises KeyError, TypeError or ValueError on what is no surrogate."""
        names = list(fields["cues"])
        if set(names) != set(CUES):
            raise ValueError(f"its cues are {names}, not {list(CUES)}")
        effects = tuple(_effect(kind, fields["cues"][name]) for name, kind in CUES.items())
        intercept = _by_emotion(fields["intercept"])
        return cls(effects, intercept, float(fields["agreement"]["held_out_groups"]["value"]))

    @classmethod
    def of(cls, bundle: Bundle) -> Surrogate:
        """The surrogate that lies in a bundle.

        Raises:
            BundleError: there is none, it is broken, or it was fitted to another network.
        """
        try:
            text = bundle.beside(FILE)
        except BundleError as error:
            raise BundleError(f"{bundle.name} cannot explain itself: it has no {FILE}") from error
        try:
            fields = json.loads(text)
            explains = fields["explains"]["sha256"]
            surrogate = cls.from_dict(fields)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BundleError(f"{bundle.path}: its {FILE} cannot be used ({error})") from error
        if explains not in bundle.card.files.values():
            raise BundleError(
                f"{bundle.path}: its {FILE} was fitted to another network; "
                "recipes/ear/explain.py fits it to this one"
            )
        return surrogate


def _effect(kind: CueKind, fields: Mapping[str, Any]) -> CueEffect:
    deviation = float(fields["deviation"])
    if not deviation > 0:
        raise ValueError(f"the deviation of {kind.name} is {deviation}")
    slope, bend = _by_emotion(fields["slope"]), _by_emotion(fields["bend"])
    return CueEffect(kind, float(fields["mean"]), deviation, slope, bend)


def _by_emotion(fields: Mapping[str, Any]) -> FloatArray:
    return np.array([float(fields[emotion]) for emotion in EMOTIONS])
