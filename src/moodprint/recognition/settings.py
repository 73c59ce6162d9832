"""What a caller can choose about an analysis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from moodprint.bundle import Calibration
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.errors import OptionError, unknown_name

SHORTEST_SEGMENT_S = 1.0
"""Two rows of the network: one row alone wavers."""

SHORTEST_HOP_S = 0.5
"""A row of the network: nearer segments would be of the same rows."""


@dataclass(frozen=True)
class AnalysisSettings:
    """Segments of ``segment_s`` every ``hop_s`` seconds.

    ``smoothing_s`` is how far, in seconds, neighbours of the same mood steady one another;
    0 turns that off. ``answer_above`` is the confidence from which an emotion is credible, by
    default what the model's card says. ``among`` are the emotions that can occur, by default all:
    the others get no probability.

    Raises:
        OptionError: a segment under 1 s, a hop under 0.5 s or longer than the segment, a negative
            smoothing, what is no finite number, a probability outside [0, 1], an unknown emotion
            or fewer than two.
    """

    segment_s: float = 5.0
    hop_s: float = 2.5
    smoothing_s: float = 5.0
    answer_above: float | None = None
    among: tuple[Emotion, ...] = ()

    def __post_init__(self) -> None:
        for name in ("segment_s", "hop_s", "smoothing_s"):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise OptionError(f"{name} is a finite number of seconds, not {value}")
        if self.segment_s < SHORTEST_SEGMENT_S:
            raise OptionError(
                f"a segment lasts {SHORTEST_SEGMENT_S:g} s or more, not {self.segment_s:g} s"
            )
        if self.hop_s < SHORTEST_HOP_S:
            raise OptionError(f"the hop is {SHORTEST_HOP_S:g} s or more, not {self.hop_s:g} s")
        if self.hop_s > self.segment_s:
            raise OptionError(
                f"a hop of {self.hop_s:g} s leaves gaps between segments of {self.segment_s:g} s"
            )
        if self.smoothing_s < 0:
            raise OptionError(f"smoothing is 0 s or more, not {self.smoothing_s:g} s")
        if self.answer_above is not None and not 0 <= self.answer_above <= 1:
            raise OptionError(
                f"the confidence to answer above lies in 0 to 1, not at {self.answer_above:g}"
            )
        object.__setattr__(self, "among", _able(named_emotions(self.among)))

    @property
    def emotions(self) -> tuple[Emotion, ...]:
        """The emotions that can occur, in the order of all."""
        return self.among or EMOTIONS

    def applied_to(self, calibration: Calibration) -> Calibration:
        """A model's calibration as these settings ask for it.

        Among fewer emotions the likeliest has more by chance: what counts as credible is then the
        same odds against the mean of the others, and how often such answers are right is not known.
        """
        limit = calibration.abstain_below
        if self.among:
            others, of_all = len(self.among) - 1, len(EMOTIONS) - 1
            limit /= limit + (1 - limit) * others / of_all
            calibration = replace(calibration, reliability=())
        if self.answer_above is not None:
            limit = self.answer_above
        return replace(calibration, abstain_below=limit)


def named_emotions(names: str | Iterable[str]) -> tuple[Emotion, ...]:
    """The emotions of these names, or of a list such as ``happy,sad``, in the order of all.

    Raises:
        OptionError: one that is no emotion.
    """
    parts = names.split(",") if isinstance(names, str) else names
    named = {part.strip().lower() for part in parts if part.strip()}
    for name in sorted(named - set(EMOTIONS)):
        raise unknown_name("emotion", name, EMOTIONS)
    return tuple(emotion for emotion in EMOTIONS if emotion in named)


def _able(among: tuple[Emotion, ...]) -> tuple[Emotion, ...]:
    """Emotions that can occur; all of them are none in particular."""
    if len(among) == 1:
        raise OptionError(f"among {among[0]} alone there is nothing to tell: name two or more")
    return among if len(among) < len(EMOTIONS) else ()
