"""A piece as sound: each part by its instrument, drums, drive, a room, at 44.1 kHz in stereo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import soxr
from scipy.signal import butter, sosfilt

from moodprint.clip import Clip, FloatArray
from moodprint.engine.progress import Progress, no_progress
from moodprint.generation.composition.choice import SEMITONES, Choice
from moodprint.generation.composition.compose import ROLES
from moodprint.generation.composition.drums import drum_track
from moodprint.generation.composition.room import in_a_room
from moodprint.generation.midi.score import Score
from moodprint.generation.note_generator.generator import Generator
from moodprint.generation.note_generator.instruments import Instrument
from moodprint.generation.note_generator.latents import InstrumentRoute
from moodprint.generation.note_generator.play import play

RATE_HZ = 44_100

_PLACES = {"melody": 0.1, "chords": -0.35, "bass": 0.0, "pad": 0.3}
"""From left (-1) to right (1)."""

_LEVELS_DB = {"melody": 0.0, "chords": -5.0, "bass": -3.0, "pad": -9.0}
"""Of each part, beside the loudest."""

_DRUMS_DB = -2.0
_PEAK = 10 ** (-1 / 20)
"""-1 dB of full scale, so that a lossy coding, which overshoots, does not clip."""


def render(
    score: Score,
    choice: Choice,
    seconds: float,
    generator: Generator,
    instruments: Mapping[str, Instrument],
    rng: np.random.Generator,
    progress: Progress = no_progress,
) -> Clip:
    """The piece [2, N] at 44.1 kHz, faded out over its last second; its peak is at -1 dB.

    Raises:
        OptionError: the generator has no such instrument.
    """
    length = int(seconds * RATE_HZ)
    mix = np.zeros((2, length), np.float32)
    for number, role in enumerate(ROLES):
        progress("playing", number, len(ROLES))
        if role in choice.instruments:
            part = _part(score, number, instruments[choice.instruments[role]], generator, length)
            driven = role in ("melody", "chords") and choice.style.drive > 0
            part = _overdriven(part, choice.style.drive) if driven else part
            mix += _placed(part * _gain(_LEVELS_DB[role]), _PLACES[role])
    progress("playing", len(ROLES), len(ROLES))
    mix = _darkened(mix, choice.style.darkness_hz)
    if choice.beat:
        drums = drum_track(choice.beat, choice.beat_s, seconds, RATE_HZ, rng)
        mix += _placed(drums[:length] * _gain(_DRUMS_DB) * _level(mix), 0.0)
    mix = in_a_room(mix, choice.style.room_s, choice.style.wet, RATE_HZ, rng)
    return Clip(_finished(mix), RATE_HZ)


def _part(
    score: Score, track: int, instrument: Instrument, generator: Generator, length: int
) -> FloatArray:
    """[N] at 44.1 kHz, its loudest moment at 1; silence where it has no note."""
    card = generator.card
    alone = score.only(track)
    alone = alone.with_notes(
        [
            note._replace(
                pitch_midi=_within(note.pitch_midi, card.lowest_pitch, card.highest_pitch)
            )
            for note in alone.notes
        ]
    )
    if not alone.notes:
        return np.zeros(length, np.float32)
    latent = np.asarray(instrument.latent, np.float32)[None]
    clip = play(alone, generator, InstrumentRoute(1e6, 0, latent))
    sound = soxr.resample(clip.samples[0], clip.sample_rate_hz, RATE_HZ).astype(np.float32)
    padded = np.pad(sound[:length], (0, max(0, length - len(sound))))
    loudest = np.abs(padded).max()
    return padded / loudest if loudest > 0 else padded


def _within(pitch: int, low: int, high: int) -> int:
    """Moved by octaves to what the generator has, as a player of a small instrument would."""
    while pitch < low:
        pitch += SEMITONES
    while pitch > high:
        pitch -= SEMITONES
    return pitch


def _overdriven(sound: FloatArray, drive: float) -> FloatArray:
    """Bent as a valve bends it (Yeh, Abel and Smith, DAFx 2007: tanh is near), which brings
    partials above those that the generator has."""
    bent: FloatArray = np.tanh(drive * sound) / np.float32(np.tanh(drive))
    return 0.6 * bent


def _placed(sound: FloatArray, place: float) -> FloatArray:
    """[2, N] of equal power, from left (-1) to right (1)."""
    angle = (place + 1) * np.pi / 4
    return np.stack([np.cos(angle) * sound, np.sin(angle) * sound]).astype(np.float32)


def _darkened(mix: FloatArray, edge_hz: float) -> FloatArray:
    dark: FloatArray = sosfilt(butter(1, edge_hz, fs=RATE_HZ, output="sos"), mix).astype(np.float32)
    return dark


def _level(mix: FloatArray) -> float:
    """What the drums are set beside: the loudest that the mix is for a while."""
    return float(np.quantile(np.abs(mix), 0.995)) or 1.0


def _gain(level_db: float) -> np.float32:
    return np.float32(10 ** (level_db / 20))


def _finished(mix: FloatArray) -> FloatArray:
    fade = min(mix.shape[1], RATE_HZ)
    mix[:, mix.shape[1] - fade :] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    loudest = float(np.abs(mix).max())
    return mix * np.float32(_PEAK / loudest) if loudest > 0 else mix
