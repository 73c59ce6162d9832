"""A generated note brought to the length that a score asks for."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ

RELEASE_S = 0.3
"""What a key sounds on after it is let go."""
_ATTACK_S = 0.005
"""Long enough that nothing clicks, and too short to be heard as soft."""
_STEADY_FROM_S, _STEADY_TO_S = 0.9, 2.7
"""After the attack and its decay, and before the key of the notes learned from went up at 3 s."""
_SHORTEST_LOOP_S = 0.4
"""A shorter loop is heard as a flutter."""
_FADE_S = 0.1
"""Some periods of the lowest notes, whose likeness tells where the waves go together."""
_FASTEST_DECAY = 0.2
"""The least that a loop may keep of the level of the one before."""
_QUIET = 1e-6
"""Levels below this are silence, and are not divided by."""


def samples_lengthened(samples: int) -> int:
    """How much of a note ``lengthened`` takes to make so many samples."""
    return min(samples, _at(_STEADY_TO_S))


def lengthened(note: FloatArray, samples: int) -> FloatArray:
    """The first ``samples`` of a note [N] held for as long as needed.

    Beyond the steady part it is looped: from 2.7 s back to the place where the wave before it is
    most like the one just heard, and over 0.1 s from the one into the other, so that nothing
    clicks. A note that dies away goes on doing so, each turn of the loop softer by what the
    first one lost.
    """
    end = _at(_STEADY_TO_S)
    if samples <= end or len(note) < end:
        return note[:samples]
    fade = _at(_FADE_S)
    start = _loop_start(note, end, fade)
    turn = end - start
    kept = _kept_level(note[start - fade : start], note[end - fade : end])
    decay = kept ** (np.arange(-fade, max(samples - start, turn)) / turn)
    even = note[start - fade : end] / decay[: fade + turn]
    loop = even[fade:].copy()
    share = 0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)
    loop[-fade:] += share * (even[:fade] - loop[-fade:])
    looped = np.resize(loop, samples - start) * decay[fade : fade + samples - start]
    return np.concatenate([note[:start], looped]).astype(np.float32)


def envelope(held: int, released: int) -> FloatArray:
    """Gains [held + released] of a key: up within 5 ms, down over the release, without a corner."""
    gains = np.ones(held + released)
    attack = min(_at(_ATTACK_S), held)
    gains[:attack] = 0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / max(attack, 1))
    gains[held:] = 0.5 + 0.5 * np.cos(np.pi * np.arange(released) / max(released, 1))
    return gains.astype(np.float32)


def _loop_start(note: FloatArray, end: int, fade: int) -> int:
    """Where the wave of the ``fade`` samples before is most like that before ``end``."""
    first, last = _at(_STEADY_FROM_S) + fade, end - _at(_SHORTEST_LOOP_S)
    pattern = note[end - fade : end]
    searched = note[first - fade : last].astype(np.float64)
    likeness = np.correlate(searched, pattern, "valid")
    energy = np.cumsum(np.concatenate([[0.0], searched**2]))
    levels = np.sqrt(np.maximum(energy[fade:] - energy[:-fade], 0.0))
    return first + int(np.argmax(likeness / (levels + _QUIET)))


def _kept_level(before: FloatArray, after: FloatArray) -> float:
    """How much of its level the note keeps from one end of the loop to the other, 1 at most."""
    first, second = (float(np.sqrt(np.mean(part**2))) for part in (before, after))
    return float(np.clip(second / first, _FASTEST_DECAY, 1.0)) if first > _QUIET else 1.0


def _at(time_s: float) -> int:
    return round(time_s * SAMPLE_RATE_HZ)
