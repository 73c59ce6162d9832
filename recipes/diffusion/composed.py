"""Pieces of the composer of ``moodprint generate music``, played by a General MIDI SoundFont: music
of which tempo, mode, instruments and drums are known.

Tempo and mode are drawn apart from the emotion, so that "fast" is learned and not only "happy".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from moodprint.emotion import EMOTIONS
from moodprint.generation.composition.choice import Choice, Wishes, chosen
from moodprint.generation.composition.compose import BEATS, ROLES, compose
from moodprint.generation.composition.drums import PATTERNS
from moodprint.generation.composition.room import in_a_room
from recipes.diffusion.conditions import played
from recipes.ear.render import DRUMS_CHANNEL, Event, SoundfontPlayer

SECONDS = 41.0
"""Eight pictures."""

_SLOWEST_BPM, _FASTEST_BPM = 50.0, 180.0
_FREE = 0.7
"""The share of pieces whose tempo and mode are not those of their emotion's style."""

_KITS = (0, 8, 16, 24, 25, 32, 40, 48)
_HITS = {"kick": 36, "snare": 38, "clap": 39, "hat": 42, "crash": 49, "thud": 41, "scrape": 55}
"""General MIDI's keys of the composer's drums."""


@dataclass(frozen=True)
class ComposedSound:
    """Samples [N], what is known of them (``conditions.PLAYED``), and the octaves of their tempo
    above 120 beats a minute."""

    samples: np.ndarray
    played: np.ndarray
    tempo: float


def composed(seed: int, player: SoundfontPlayer) -> ComposedSound:
    """The piece of a seed."""
    rng = np.random.default_rng([seed, 3])
    emotion = EMOTIONS[seed % len(EMOTIONS)]
    wishes = Wishes()
    if rng.random() < _FREE:
        tempo_bpm = float(np.exp(rng.uniform(np.log(_SLOWEST_BPM), np.log(_FASTEST_BPM))))
        wishes = Wishes(tempo_bpm, bool(rng.random() < 0.5), drums=bool(rng.random() < 0.5))
    choice = chosen(emotion, rng, wishes)
    programs = {role: player.program(name) for role, name in choice.instruments.items()}
    events = [*_notes(choice, programs, player, rng), *_drums(choice, player, rng)]
    samples = player.play_events(events, SECONDS)
    style = choice.style
    samples = in_a_room(samples, style.room_s, style.wet, player.sample_rate_hz, rng).mean(axis=0)
    known = played(programs.values(), drums=bool(choice.beat), minor=3 in choice.scale)
    return ComposedSound(samples, known, float(np.log2(choice.tempo_bpm / 120)))


def _notes(
    choice: Choice, programs: dict[str, int], player: SoundfontPlayer, rng: np.random.Generator
) -> Iterator[Event]:
    score = compose(choice, SECONDS, rng)
    for channel, role in enumerate(ROLES):
        if role in programs:
            yield player.selected(channel, programs[role])
    for note in score.notes:
        if ROLES[note.track] in programs:
            yield from player.note(
                note.track, note.pitch_midi, note.velocity, note.start_s, note.end_s
            )


def _drums(choice: Choice, player: SoundfontPlayer, rng: np.random.Generator) -> Iterator[Event]:
    if not choice.beat:
        return
    yield player.selected(DRUMS_CHANNEL, int(rng.choice(_KITS)), drums=True)
    pattern: dict[str, Any] = dict(PATTERNS[choice.beat])
    for bar in range(int(np.ceil(SECONDS / (BEATS * choice.beat_s)))):
        for name, beats in pattern.items():
            for beat in beats:
                at_s = (bar * BEATS + beat) * choice.beat_s
                velocity = int(rng.integers(80, 118))
                yield from player.note(DRUMS_CHANNEL, _HITS[name], velocity, at_s, at_s + 0.1)
