"""A collection at a glance: moods over all files, and the passages to hear at once."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.emotion import EMOTIONS
from moodprint.prediction import UNSURE
from moodprint.service.schemas import Moment
from moodprint.service.store.outlines import OutlineRow

_MOMENTS = 5


@dataclass(frozen=True)
class Glance:
    """What all answers of a collection say together, from their outlines alone."""

    rows: Sequence[OutlineRow]

    @property
    def duration_s(self) -> float:
        """Of all files."""
        return sum(row.duration_s for row in self.rows)

    @property
    def music_s(self) -> float:
        """Of all files."""
        return sum(self._mood_s.values())

    @property
    def shares(self) -> dict[str, float]:
        """Of the music's time in all files, by emotion and ``unsure``; all 0 without music."""
        music_s = self.music_s
        return {name: each / music_s if music_s else 0.0 for name, each in self._mood_s.items()}

    @property
    def unsure(self) -> int:
        """Files that hold music of which no emotion is credible as a whole."""
        return sum(row.is_unsure for row in self.rows)

    @property
    def moments(self) -> dict[str, list[Moment]]:
        """By emotion the most probable passages, at most one a file, the most probable first."""
        return {str(emotion): self._moments(str(emotion)) for emotion in EMOTIONS}

    @property
    def _mood_s(self) -> dict[str, float]:
        names = [*map(str, EMOTIONS), UNSURE]
        return {name: sum(row.outline["mood_s"][name] for row in self.rows) for name in names}

    def _moments(self, emotion: str) -> list[Moment]:
        found = []
        for row in self.rows:
            if emotion in row.outline["passages"]:
                start_s, end_s, probability = row.outline["passages"][emotion]
                place = {"start_s": start_s, "end_s": end_s, "probability": probability}
                found.append(Moment(analysis=row.id, name=row.name, **place))
        return heapq.nlargest(_MOMENTS, found, key=lambda each: each.probability)
