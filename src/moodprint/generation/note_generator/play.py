"""Plays a score with a generator whose instrument morphs from one to the next."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from itertools import groupby

import numpy as np

from moodprint.clip import Clip, FloatArray
from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import InputError, OptionError
from moodprint.generation.midi.score import Score, ScoreNote
from moodprint.generation.note_generator.generator import Generator
from moodprint.generation.note_generator.latents import InstrumentRoute
from moodprint.generation.note_generator.pitch_bend import bent, samples_read
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.generation.note_generator.sustain import (
    RELEASE_S,
    envelope,
    lengthened,
    samples_lengthened,
)
from moodprint.generation.soundfont import DRUM_BANK, NotePlayer

_log = logging.getLogger(__name__)

STAGE = "playing"
"""The stage that a Progress is told of; its steps are notes."""

_LOUDEST = 10 ** (-1 / 20)
"""-1 dB of full scale, so that a lossy coding, which overshoots, does not clip."""
_DRUM_S = 1.5
"""What is played of a hit; cymbals, which sound on, are cut by their release."""
_VELOCITY_POWER = 2.0
"""Amplitude goes with the square of the velocity, as the MIDI makers' DLS standard has it."""


def play(
    score: Score,
    generator: Generator,
    route: InstrumentRoute,
    *,
    spread: float = 0.0,
    drums: NotePlayer | None = None,
    progress: Progress = no_progress,
) -> Clip:
    """The score as sound at 16 kHz: mono, or stereo where ``spread`` is above 0.

    Each note takes the instrument of the moment when it starts. Notes that the generator has not
    are folded into its range by octaves; notes longer than its own are held by a loop; bends are
    followed. Drum tracks are played from ``drums``, at 16 kHz, or left out. ``spread`` up to 1
    places the tracks from left to right. The peak of the whole is brought to -1 dB of full scale.

    Raises:
        InputError: there is no note to play.
        OptionError: a spread out of [0, 1].
    """
    if not 0 <= spread <= 1:
        raise OptionError(f"the spread is from 0 to 1, not {spread:g}")
    notes = _folded(score.melodic, generator.card.lowest_pitch, generator.card.highest_pitch)
    hits = score.drums if drums is not None else ()
    if not notes and not hits:
        raise InputError("there is no note to play" + _without_drums(score))
    panning = _panning(score, spread)
    length = math.ceil((score.duration_s + RELEASE_S + _DRUM_S) * SAMPLE_RATE_HZ)
    mix = np.zeros((len(panning[0]), length), np.float32)
    done = 0
    for step, together in _by_step(notes, route):
        progress(STAGE, done, len(notes))
        _add_step(mix, generator, route.latent(step), together, panning)
        done += len(together)
    progress(STAGE, done, len(notes))
    if drums is not None:
        _add_drums(mix, drums, hits, panning)
    return Clip(_without_silent_end(_peak_safe(mix)), SAMPLE_RATE_HZ)


def _folded(notes: tuple[ScoreNote, ...], low: int, high: int) -> list[ScoreNote]:
    folded = [note._replace(pitch_midi=_fold(note.pitch_midi, low, high)) for note in notes]
    moved = sum(a.pitch_midi != b.pitch_midi for a, b in zip(folded, notes, strict=True))
    if moved:
        _log.warning("%d notes outside MIDI %d to %d were moved by octaves", moved, low, high)
    return folded


def _fold(pitch: int, low: int, high: int) -> int:
    if pitch < low:
        return pitch + 12 * math.ceil((low - pitch) / 12)
    if pitch > high:
        return pitch - 12 * math.ceil((pitch - high) / 12)
    return pitch


def _without_drums(score: Score) -> str:
    return ": it holds drums alone, and they were left out" if score.drums else ""


def _panning(score: Score, spread: float) -> list[tuple[float, ...]]:
    """The gains of each track: (1,) in mono, else left and right of equal power."""
    if spread == 0:
        return [(1.0,)] * len(score.tracks)
    melodic = [n for n, track in enumerate(score.tracks) if not track.drums]
    places = np.linspace(-spread, spread, len(melodic)) if len(melodic) > 1 else np.zeros(1)
    place_of = dict(zip(melodic, places, strict=False))
    angles = [(place_of.get(n, 0.0) + 1) * math.pi / 4 for n in range(len(score.tracks))]
    return [(math.cos(angle), math.sin(angle)) for angle in angles]


def _by_step(
    notes: list[ScoreNote], route: InstrumentRoute
) -> Iterable[tuple[int, list[ScoreNote]]]:
    """The steps of the route, and the notes of each, which share an instrument."""
    for step, group in groupby(sorted(notes), key=lambda note: route.step(note.start_s)):
        yield step, list(group)


def _add_step(
    mix: FloatArray,
    generator: Generator,
    latent: FloatArray,
    notes: list[ScoreNote],
    panning: list[tuple[float, ...]],
) -> None:
    """Make each pitch once, as long as its longest note, and add all its notes."""
    released = round(RELEASE_S * SAMPLE_RATE_HZ)
    held = [max(1, round(note.duration_s * SAMPLE_RATE_HZ)) for note in notes]
    read = [samples_read(note.bends, n + released) for note, n in zip(notes, held, strict=True)]
    longest: dict[int, int] = {}
    for note, samples in zip(notes, read, strict=True):
        longest[note.pitch_midi] = max(longest.get(note.pitch_midi, 0), samples)
    latents = np.repeat(latent[None], len(longest), axis=0)
    lengths = [samples_lengthened(samples) for samples in longest.values()]
    beginnings = generator.beginnings(latents, list(longest), lengths)
    by_pitch = dict(zip(longest, beginnings, strict=True))
    for note, samples, reach in zip(notes, held, read, strict=True):
        straight = lengthened(by_pitch[note.pitch_midi], reach)
        sound = _at_full_level(bent(straight, note.bends, samples, samples + released))
        gains = envelope(samples, released)[: len(sound)] * _loudness(note.velocity)
        _add(mix, note.start_s, sound * gains, panning[note.track])


def _add_drums(
    mix: FloatArray,
    drums: NotePlayer,
    hits: tuple[ScoreNote, ...],
    panning: list[tuple[float, ...]],
) -> None:
    sounds: dict[tuple[int, int], FloatArray] = {}
    for hit in hits:
        key = (hit.pitch_midi, hit.velocity)
        if key not in sounds:
            sounds[key] = drums.note(0, *key, held_s=_DRUM_S / 2, total_s=_DRUM_S, bank=DRUM_BANK)
        _add(mix, hit.start_s, sounds[key], panning[hit.track])


def _add(mix: FloatArray, start_s: float, sound: FloatArray, gains: tuple[float, ...]) -> None:
    first = round(start_s * SAMPLE_RATE_HZ)
    place = mix[:, first : first + len(sound)]
    place += np.array(gains, np.float32)[:, None] * sound[: place.shape[1]]


def _loudness(velocity: int) -> float:
    return math.pow(velocity / 127, _VELOCITY_POWER)


def _at_full_level(sound: FloatArray) -> FloatArray:
    peak = float(np.abs(sound).max(initial=0.0))
    return sound / np.float32(peak) if peak > 0 else sound


def _peak_safe(mix: FloatArray) -> FloatArray:
    return _at_full_level(mix) * np.float32(_LOUDEST)


def _without_silent_end(mix: FloatArray) -> FloatArray:
    sounding = np.flatnonzero(np.abs(mix).max(axis=0) > 0)
    return mix[:, : sounding[-1] + 1] if len(sounding) else mix
