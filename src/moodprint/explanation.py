"""Why an answer was given: the cues that a musician would name, and how each pushed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from moodprint.emotion import Emotion
from moodprint.json_fields import Fields

_DECIMALS = 4


@dataclass(frozen=True)
class Cue:
    """One cue of a stretch of music.

    ``value`` is in ``unit``, None where the cue cannot be told (a tempo without a clear pulse).
    ``deviation`` says how far that is from the mean of real music, in standard deviations.
    ``contribution`` is what the cue adds to the margin of the answer: above 0 it speaks for it.
    """

    name: str
    value: float | None
    unit: str
    deviation: float
    contribution: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it, numbers to four decimals. The name is left to whoever holds the cue."""
        return {
            "value": None if self.value is None else _rounded(self.value),
            "unit": self.unit,
            "deviation": _rounded(self.deviation),
            "contribution": _rounded(self.contribution),
        }

    @classmethod
    def from_dict(cls, name: str, fields: Mapping[str, Any]) -> Cue:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        fields = Fields(fields)
        return cls(
            name=name,
            value=fields.number_or_null("value"),
            unit=fields.text("unit"),
            deviation=fields.number("deviation"),
            contribution=fields.number("contribution"),
        )


@dataclass(frozen=True)
class Explanation:
    """How the cues of a stretch bear on the emotion that was answered for it.

    A surrogate, small enough to read, imitates the network from the cues alone. ``margin`` is
    its logit for the answered emotion less the mean of its logits for the others: the sum of
    ``baseline``, which is that of average music, and of the cues' contributions. ``cues_say`` is
    the emotion that the surrogate itself would answer: where it is another one, the cues do not
    explain the answer. ``key`` is the name of the key, None without pitch. ``agreement`` is how
    often the surrogate and the network agree on music that it was not fitted to; it stands in the
    explanation of a whole file, and is None in those of its segments.
    """

    cues: tuple[Cue, ...]
    key: str | None
    margin: float
    baseline: float
    cues_say: Emotion
    agreement: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it: cues by their names, numbers to four decimals."""
        fields: dict[str, Any] = {
            "cues_say": self.cues_say.value,
            "margin": _rounded(self.margin),
            "baseline": _rounded(self.baseline),
            "key": self.key,
            "cues": {cue.name: cue.to_dict() for cue in self.cues},
        }
        if self.agreement is not None:
            fields["agreement"] = _rounded(self.agreement)
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Explanation:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        fields = Fields(fields)
        cues = fields.part("cues")
        return cls(
            cues=tuple(Cue.from_dict(name, cues.part(name)) for name in cues),
            key=fields.text_or_null("key"),
            margin=fields.number("margin"),
            baseline=fields.number("baseline"),
            cues_say=Emotion(fields.text("cues_say")),
            agreement=fields.number("agreement") if "agreement" in fields else None,
        )

    def blended(self, other: Explanation, share: float) -> Explanation:
        """The mean with that of a neighbour, whose weight is ``share`` in [0, 1], on the same
        emotion; a key is told where both have it."""

        def mean(a: float, b: float) -> float:
            return (1 - share) * a + share * b

        def mean_or_known(a: float | None, b: float | None) -> float | None:
            return mean(a, b) if a is not None and b is not None else a if b is None else b

        cues = (
            Cue(
                mine.name,
                mean_or_known(mine.value, its.value),
                mine.unit,
                mean(mine.deviation, its.deviation),
                mean(mine.contribution, its.contribution),
            )
            for mine, its in zip(self.cues, other.cues, strict=True)
        )
        return replace(
            self,
            cues=tuple(cues),
            key=self.key if self.key == other.key else None,
            margin=mean(self.margin, other.margin),
            cues_say=self.cues_say if share < 0.5 else other.cues_say,
        )


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)
