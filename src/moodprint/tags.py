"""What music libraries and DJs tag a recording with: tempo, key and loudness, as plain columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from moodprint.json_fields import Fields

_DECIMALS = {"tempo_bpm": 1, "loudness_lufs": 1, "loudness_range_lu": 1, "true_peak_dbtp": 1}
"""As people write them; what else is a number lies in [0, 1] and has three."""


@dataclass(frozen=True)
class Tags:
    """The tags of a whole recording; None where one cannot be told.

    ``tempo_bpm`` may be half or double of what a listener taps; None where no pulse is clear.
    ``key`` reads "A minor", "F# major" or "Eb minor"; ``key_camelot`` is its place on the wheel
    that DJs mix by, "8A". ``tempo_confidence`` in [0, 1] tells how alike onsets are one beat apart,
    ``key_confidence`` the share of keys as clear as this one that were right on rendered music.
    Loudness is that of ``audio.loudness``.
    """

    tempo_bpm: float | None
    tempo_confidence: float
    key: str | None
    key_camelot: str | None
    key_confidence: float
    loudness_lufs: float | None
    loudness_range_lu: float | None
    true_peak_dbtp: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON and tables take it, numbers rounded."""
        return {name: _rounded(name, value) for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Tags:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        read = Fields(values)
        return cls(
            tempo_bpm=read.number_or_null("tempo_bpm"),
            tempo_confidence=read.number("tempo_confidence"),
            key=read.text_or_null("key"),
            key_camelot=read.text_or_null("key_camelot"),
            key_confidence=read.number("key_confidence"),
            loudness_lufs=read.number_or_null("loudness_lufs"),
            loudness_range_lu=read.number_or_null("loudness_range_lu"),
            true_peak_dbtp=read.number_or_null("true_peak_dbtp"),
        )

    def __str__(self) -> str:
        """``95 bpm, A minor (8A), -16.0 LUFS``; of what cannot be told nothing."""
        told = [
            None if self.tempo_bpm is None else f"{self.tempo_bpm:.0f} bpm",
            None if self.key is None else f"{self.key} ({self.key_camelot})",
            None if self.loudness_lufs is None else f"{self.loudness_lufs:.1f} LUFS",
        ]
        return ", ".join(filter(None, told))


TAG_COLUMNS = tuple(field.name for field in fields(Tags))
"""The names of the columns, in order."""

TEXT_TAGS = frozenset(("key", "key_camelot"))
"""Those that are text; the others are numbers."""


def _rounded(name: str, value: Any) -> Any:
    return round(value, _DECIMALS.get(name, 3)) if isinstance(value, float) else value
