"""Why an answer was given: the cues that a musician would name, and how each pushed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from moodprint.emotion import Emotion

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
        fields: dict[str, Any] = {
            "cues_say": self.cues_say.value,
            "margin": _rounded(self.margin),
            "baseline": _rounded(self.baseline),
            "key": self.key,
            "cues": {cue.name: _cue_fields(cue) for cue in self.cues},
        }
        if self.agreement is not None:
            fields["agreement"] = _rounded(self.agreement)
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Explanation:
        """The inverse of ``to_dict``. Raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            cues=tuple(_cue(name, cue) for name, cue in fields["cues"].items()),
            key=fields["key"],
            margin=float(fields["margin"]),
            baseline=float(fields["baseline"]),
            cues_say=Emotion(fields["cues_say"]),
            agreement=_float(fields.get("agreement")),
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


def _cue_fields(cue: Cue) -> dict[str, Any]:
    return {
        "value": None if cue.value is None else _rounded(cue.value),
        "unit": cue.unit,
        "deviation": _rounded(cue.deviation),
        "contribution": _rounded(cue.contribution),
    }


def _cue(name: str, fields: Mapping[str, Any]) -> Cue:
    return Cue(
        name,
        _float(fields["value"]),
        str(fields["unit"]),
        float(fields["deviation"]),
        float(fields["contribution"]),
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)
