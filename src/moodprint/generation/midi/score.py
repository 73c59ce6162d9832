"""A score: the notes of a piece, in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class ScoreNote(NamedTuple):
    """A note: seconds from the start, MIDI pitch and velocity (both 0 to 127), and the number of
    its track. On a drum track the pitch names a drum of General MIDI. ``bends`` are semitones above
    the pitch, evenly spaced in time from the start on; none where the pitch stays."""

    start_s: float
    end_s: float
    pitch_midi: int
    velocity: int
    track: int = 0
    bends: tuple[float, ...] = ()

    @property
    def duration_s(self) -> float:
        """From the start of the note to its end."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Track:
    """Notes that one instrument plays, or drums."""

    name: str
    drums: bool = False


@dataclass(frozen=True)
class Score:
    """Notes in order of their start, and the tracks that they belong to."""

    notes: tuple[ScoreNote, ...]
    tracks: tuple[Track, ...] = (Track(""),)

    @property
    def duration_s(self) -> float:
        """The end of the note that ends last; 0 where there is none."""
        return max((note.end_s for note in self.notes), default=0.0)

    @property
    def melodic(self) -> tuple[ScoreNote, ...]:
        """The notes that are not drums."""
        return tuple(note for note in self.notes if not self.tracks[note.track].drums)

    @property
    def drums(self) -> tuple[ScoreNote, ...]:
        """The notes of tracks of drums."""
        return tuple(note for note in self.notes if self.tracks[note.track].drums)

    def with_notes(self, notes: list[ScoreNote] | tuple[ScoreNote, ...]) -> Score:
        """The same tracks with other notes, put in order."""
        return Score(tuple(sorted(notes)), self.tracks)

    def only(self, track: int) -> Score:
        """The notes of one track alone."""
        return self.with_notes([note for note in self.notes if note.track == track])
