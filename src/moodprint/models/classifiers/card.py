"""The card of a bundle that holds the winner of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from moodprint.bundle import BundleKind, Calibration, Card
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

WEIGHTS = "model.skops"

SHORTEST_SEGMENT_S, LONGEST_SEGMENT_S = 0.1, 600.0
"""What a classifier may be used to hear at once: less than 0.1 s fills no window of a feature set,
and ten minutes at 44.1 kHz take 100 MB."""


@dataclass(frozen=True, kw_only=True)
class ClassifierCard(Card):
    """``combination`` names feature sets (``acoustic+musicnn``), whose ``options`` are by set.

    The classifier hears ``segment_s`` at once. ``learned`` are the indices into ``labels`` that it
    met in training, in the order of its scores.

    Raises:
        OptionError: fewer than two labels, a segment or a class out of range, or no classifier
            among the files.
    """

    kind: ClassVar[BundleKind] = BundleKind.STUDY_CLASSIFIER

    combination: str
    options: Mapping[str, Mapping[str, Any]]
    segment_s: float
    learned: tuple[int, ...]
    calibration: Calibration

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.labels) < 2:
            raise OptionError(f"a classifier has two labels or more, not {len(self.labels)}")
        if not SHORTEST_SEGMENT_S <= self.segment_s <= LONGEST_SEGMENT_S:
            raise OptionError(
                f"its segments last {self.segment_s:g} s, not {SHORTEST_SEGMENT_S:g} to "
                f"{LONGEST_SEGMENT_S:g} s"
            )
        classes = range(len(self.labels))
        if not self.learned or not set(self.learned) <= set(classes):
            raise OptionError(f"it learned the classes {self.learned} of {len(self.labels)}")
        if len(set(self.learned)) < len(self.learned):
            raise OptionError(f"it learned a class twice: {self.learned}")
        if WEIGHTS not in self.files:
            raise OptionError(f"it lists no {WEIGHTS}")

    @classmethod
    def values(cls, fields: Fields) -> dict[str, Any]:
        """Adds the features, the classes and the calibration. Raises ValueError."""
        features = fields.part("features")
        options = features.part("options")
        return {
            **super().values(fields),
            "combination": features.text("combination"),
            "options": {name: dict(options.part(name)) for name in options},
            "segment_s": features.number("segment_s"),
            "learned": fields.part("classifier").wholes("learned"),
            "calibration": Calibration.of(fields.part("calibration")),
        }
