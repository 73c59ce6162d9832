"""The notes of a piece: phrases of four bars in the form A A' B A', melody over chords over bass.

A phrase that comes again is varied, so that nothing is a loop: its rhythm stays, some of its
pitches and its ending change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from moodprint.generation.composition.choice import SEMITONES, Choice
from moodprint.generation.composition.figures import chord_notes
from moodprint.generation.midi.score import Score, ScoreNote, Track

BEATS, BARS = 4, 4
"""Beats a bar, bars a phrase."""

ROLES = ("melody", "chords", "bass", "pad")
_FORM = (0, 0, 1, 0)
"""Which of the two phrases comes: the second is the contrast in the third place."""

_VARIED = 0.3
"""The share of a melody's notes that change when its phrase comes again."""

_HASTE_S = 0.012
"""How far players stray from the beat (Repp, Psychonomic Bulletin 2005: 10 to 20 ms)."""


@dataclass(frozen=True)
class Melody:
    """The melody of a phrase: for each note its beat, its length in beats, and its step of the
    scale above the tonic."""

    beats: tuple[float, ...]
    lengths: tuple[float, ...]
    steps: tuple[int, ...]


def compose(choice: Choice, seconds: float, rng: np.random.Generator) -> Score:
    """The notes of a piece that lasts so long; tracks are ``ROLES``, in their order."""
    phrase_s = BEATS * BARS * choice.beat_s
    phrases = max(1, int(np.ceil(seconds / phrase_s)))
    melodies = [_melody(choice, progression, rng) for progression in choice.progressions]
    notes: list[ScoreNote] = []
    for number in range(phrases):
        kind = _FORM[number % len(_FORM)]
        melody = melodies[kind]
        if number >= len(_FORM) or _FORM.index(kind) != number % len(_FORM):
            melody = _varied(melody, rng)
        start_s = number * phrase_s
        notes += _phrase(choice, melody, choice.progressions[kind], start_s, rng)
    within = [note for note in notes if note.start_s < seconds]
    cut = [note._replace(end_s=min(note.end_s, seconds + 1)) for note in within]
    return Score(tuple(sorted(cut)), tuple(Track(role) for role in ROLES))


def pitch_of(choice: Choice, step: int, octave: int) -> int:
    """The MIDI pitch of a step of the scale above the tonic of an octave (4 begins at C4)."""
    turns, place = divmod(step, len(choice.scale))
    return SEMITONES * (octave + 1 + turns) + choice.tonic % SEMITONES + choice.scale[place]


def _melody(choice: Choice, progression: tuple[int, ...], rng: np.random.Generator) -> Melody:
    beats, lengths = _rhythm(choice.density, rng)
    steps, step = [], int(rng.integers(0, len(choice.scale)))
    rising = 1 if choice.style.velocity > 90 else -1
    for beat in beats:
        root = progression[int(beat // BEATS) % len(progression)]
        if beat % 2 == 0:  # strong beats take a note of the chord, the nearest
            tones = [root + third + turn for third in (0, 2, 4) for turn in (-7, 0, 7)]
            step = min(tones, key=lambda tone: abs(tone - step))
        else:  # the others go by step, now and then by leap (von Hippel, 2000: small is common)
            step += int(rng.choice((-2, -1, -1, 1, 1, 2))) + (rising if rng.random() < 0.15 else 0)
        step = int(np.clip(step, -4, 9))
        steps.append(step)
    return Melody(tuple(beats), tuple(lengths), tuple(steps))


def _rhythm(density: float, rng: np.random.Generator) -> tuple[list[float], list[float]]:
    """Beats of notes and their lengths over a phrase; every second bar takes the first's rhythm."""
    grid = 0.5 if density > 0.8 else 1.0
    places = np.arange(0, BEATS, grid if density < 2.4 else 0.25)
    strength = np.where(places % 1 == 0, 1.0, 0.45)
    bars = []
    for _ in range(2):
        wanted = max(1, min(len(places), round(density * BEATS + rng.normal(0, 0.5))))
        weights = strength * rng.uniform(0.5, 1.5, len(places))
        bars.append(sorted(places[np.argsort(-weights)[:wanted]]))
    beats = [BEATS * bar + place for bar in range(BARS) for place in bars[bar % 2]]
    ends = [*beats[1:], float(BEATS * BARS)]
    return beats, [min(end - beat, 4.0) for beat, end in zip(beats, ends, strict=True)]


def _varied(melody: Melody, rng: np.random.Generator) -> Melody:
    steps = [
        step + int(rng.choice((-2, -1, 1, 2))) if rng.random() < _VARIED else step
        for step in melody.steps
    ]
    return Melody(melody.beats, melody.lengths, tuple(steps))


def _phrase(
    choice: Choice,
    melody: Melody,
    progression: tuple[int, ...],
    start_s: float,
    rng: np.random.Generator,
) -> Iterator[ScoreNote]:
    def note(role: str, beat: float, length: float, pitch: int, louder: int = 0) -> ScoreNote:
        style = choice.style
        at = max(0.0, start_s + beat * choice.beat_s + rng.normal(0, _HASTE_S))
        accent = 8 if beat % BEATS == 0 else 0
        velocity = style.velocity + louder + accent + rng.normal(0, style.contrast)
        return ScoreNote(
            at,
            at + max(0.06, length * choice.beat_s),
            pitch,
            int(np.clip(velocity, 12, 127)),
            ROLES.index(role),
        )

    if "melody" in choice.instruments:
        for beat, length, step in zip(melody.beats, melody.lengths, melody.steps, strict=True):
            pitch = pitch_of(choice, step, choice.octave)
            yield note("melody", beat, length * choice.articulation, pitch, 4)
    for bar in range(BARS):
        root = progression[bar % len(progression)]
        for figure in chord_notes(choice, root, rng):
            beat = bar * BEATS + figure.beat
            pitch = pitch_of(choice, figure.step, figure.octave) + figure.semitones
            yield note(figure.role, beat, figure.length, pitch, figure.louder)
