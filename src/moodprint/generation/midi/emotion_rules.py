"""A score brought into the mood of an emotion by how music is known to express it.

Tempo, loudness, articulation, mode and register are the cues that listeners and players agree on:
Juslin and Laukka (Psychological Bulletin 2003; Journal of New Music Research 2004), Gabrielsson and
Lindstrom (Handbook of Music and Emotion, 2010). The directions of the rules are theirs; the amounts
are ours, of the size that players choose themselves (Bresin and Friberg, Cortex 2011) and that
listeners recognise (Livingstone et al., Computer Music Journal 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from moodprint.emotion import Emotion
from moodprint.generation.midi.key import estimated_key, in_mode
from moodprint.generation.midi.score import Score, ScoreNote


@dataclass(frozen=True)
class Expression:
    """What is done to a score. ``tempo`` and ``articulation`` multiply the speed and the sounding
    part of each note; ``gain_db`` changes the velocities, ``contrast`` their distance from their
    mean; ``register`` is in semitones; ``minor`` None leaves the mode."""

    tempo: float
    gain_db: float
    contrast: float
    articulation: float
    register: int
    minor: bool | None


EXPRESSIONS = MappingProxyType(
    {
        Emotion.ANGRY: Expression(1.25, 5.0, 1.3, 0.75, 0, True),
        Emotion.CALM: Expression(0.80, -5.0, 0.6, 1.05, 0, False),
        Emotion.FEAR: Expression(1.10, -6.0, 1.5, 0.60, 12, True),
        Emotion.HAPPY: Expression(1.20, 2.0, 1.0, 0.70, 0, False),
        Emotion.SAD: Expression(0.70, -5.0, 0.7, 1.10, -5, True),
    }
)
"""Angry: fast, loud, sharp, minor. Calm: slow, soft, even, legato, major. Fear: quick, very soft
but uneven, staccato, high, minor. Happy: fast, rather loud, staccato, major. Sad: slow, soft,
even, legato, low, minor."""

_SHORTEST_S = 0.03


def expressed(score: Score, emotion: Emotion) -> Score:
    """The score as someone would play it to express the emotion; drums keep their pitch."""
    if not score.notes:
        return score
    how = EXPRESSIONS[emotion]
    if how.minor is not None and score.melodic:
        score = in_mode(score, estimated_key(score), minor=how.minor)
    mean = sum(note.velocity for note in score.notes) / len(score.notes)

    def express(note: ScoreNote) -> ScoreNote:
        drums = score.tracks[note.track].drums
        start_s = note.start_s / how.tempo
        sounding_s = max(note.duration_s / how.tempo * how.articulation, _SHORTEST_S)
        return note._replace(
            start_s=start_s,
            end_s=start_s + sounding_s,
            pitch_midi=note.pitch_midi if drums else _shifted(note.pitch_midi, how.register),
            velocity=_velocity(note.velocity, mean, how),
        )

    return score.with_notes([express(note) for note in score.notes])


def _velocity(velocity: int, mean: float, how: Expression) -> int:
    """A velocity v sounds at 40 log10(v / 127) dB."""
    spread = mean + how.contrast * (velocity - mean)
    return round(min(127.0, max(1.0, spread * 10 ** (how.gain_db / 40))))


def _shifted(pitch: int, semitones: int) -> int:
    return pitch + semitones if 0 <= pitch + semitones <= 127 else pitch
