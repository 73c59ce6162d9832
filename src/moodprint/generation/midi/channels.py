"""What the events of MIDI's channels mean: keys, pedals, the pitch wheel and programs to notes.

After the MIDI 1.0 Detailed Specification and General MIDI 2 (banks of drums). Volume, expression
and the soft pedal are not read: notes carry their velocity alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from moodprint.generation.midi.smf import CONTROL, NOTE_OFF, NOTE_ON, PROGRAM, WHEEL, Event

DRUM_CHANNEL = 9
_DRUM_BANKS = (120, 127)
"""Of General MIDI 2 and of Yamaha's XG."""

_BANK, _DATA, _SUSTAIN, _SOSTENUTO, _DATA_FINE = 0, 6, 64, 66, 38
_PARAMETER_FINE, _PARAMETER = 100, 101
_SOUND_OFF, _RESET, _NOTES_OFF = 120, 121, 123
_DOWN = 64
"""From here on a pedal is down; half pedalling has no sound of its own here."""

_CENTRE = 8192
_USUAL_RANGE = 2.0
"""Semitones that the wheel's whole way bends, unless a file sets them."""


class Voice(NamedTuple):
    """Who plays: the number of the file's track, the channel, its program, and whether drums."""

    track: int
    channel: int
    program: int
    drums: bool


class TickNote(NamedTuple):
    """A note in ticks, with its channel's bends while it sounds: ticks and semitones."""

    start: int
    end: int
    pitch_midi: int
    velocity: int
    voice: Voice
    bends: tuple[tuple[int, float], ...]


@dataclass
class _Key:
    """A note that sounds. ``released`` when its key was let go, while a pedal holds it."""

    start: int
    velocity: int
    voice: Voice
    released: bool = False
    held_by_sostenuto: bool = False


@dataclass
class _Channel:
    """All that a channel remembers."""

    number: int
    program: int = 0
    bank: int = 0
    sustain: bool = False
    sostenuto: bool = False
    range: float = _USUAL_RANGE
    parameter: tuple[int, int] = (127, 127)
    wheel: int = 0
    wheel_at: list[tuple[int, float]] = field(default_factory=lambda: [(0, 0.0)])
    keys: dict[int, list[_Key]] = field(default_factory=dict)

    def voice(self, track: int) -> Voice:
        drums = self.number == DRUM_CHANNEL or self.bank in _DRUM_BANKS
        return Voice(track, self.number, self.program, drums)


def notes_of(events: Iterable[tuple[int, Event]]) -> list[TickNote]:
    """The notes of events in order of time, each with the number of its track.

    Keys let go while the sustain pedal is down sound on until it comes up, or until they are struck
    again; those that are down when the sostenuto pedal goes down likewise. Of two notes of one
    pitch the first ends first. What is never let go ends with the last event.
    """
    channels = [_Channel(number) for number in range(16)]
    notes: list[TickNote] = []
    last = 0
    for track, event in events:
        last = max(last, event.tick)
        if event.kind >= 0xF0:
            continue
        channel = channels[event.channel]
        if event.kind == NOTE_ON and event.data[1]:
            _strike(channel, event, track, notes)
        elif event.kind in (NOTE_ON, NOTE_OFF):
            _let_go(channel, event, notes)
        elif event.kind == CONTROL:
            _control(channel, event, notes)
        elif event.kind == PROGRAM:
            channel.program = event.data[0]
        elif event.kind == WHEEL:
            channel.wheel = (event.data[0] | event.data[1] << 7) - _CENTRE
            _bend(channel, event.tick)
    for channel in channels:
        _end_all(channel, last, notes)
    return notes


def _strike(channel: _Channel, event: Event, track: int, notes: list[TickNote]) -> None:
    pitch, velocity = event.data
    for key in [key for key in channel.keys.get(pitch, []) if key.released]:
        _end(channel, pitch, key, event.tick, notes)
    key = _Key(event.tick, velocity, channel.voice(track))
    channel.keys.setdefault(pitch, []).append(key)


def _let_go(channel: _Channel, event: Event, notes: list[TickNote]) -> None:
    pitch = event.data[0]
    key = next((key for key in channel.keys.get(pitch, []) if not key.released), None)
    if key is None:
        return
    key.released = True
    if not channel.sustain and not key.held_by_sostenuto:
        _end(channel, pitch, key, event.tick, notes)


def _control(channel: _Channel, event: Event, notes: list[TickNote]) -> None:
    number, value = event.data
    if number == _SUSTAIN:
        channel.sustain = value >= _DOWN
        _end_released(channel, event.tick, notes)
    elif number == _SOSTENUTO:
        _press_sostenuto(channel, value >= _DOWN)
        _end_released(channel, event.tick, notes)
    elif number == _BANK:
        channel.bank = value
    elif number in (_PARAMETER, _PARAMETER_FINE):
        coarse, fine = channel.parameter
        channel.parameter = (value, fine) if number == _PARAMETER else (coarse, value)
    elif number in (_DATA, _DATA_FINE) and channel.parameter == (0, 0):
        whole, cents = int(channel.range), round(channel.range % 1 * 100)
        channel.range = value + cents / 100 if number == _DATA else whole + min(value, 99) / 100
        _bend(channel, event.tick)
    elif number == _RESET:
        channel.sustain, channel.wheel, channel.parameter = False, 0, (127, 127)
        _press_sostenuto(channel, False)
        _bend(channel, event.tick)
        _end_released(channel, event.tick, notes)
    elif number == _SOUND_OFF:
        _end_all(channel, event.tick, notes)
    elif number >= _NOTES_OFF:
        for key in [key for keys in channel.keys.values() for key in keys]:
            key.released = True
        _end_released(channel, event.tick, notes)


def _press_sostenuto(channel: _Channel, down: bool) -> None:
    if down == channel.sostenuto:
        return
    channel.sostenuto = down
    for key in [key for keys in channel.keys.values() for key in keys]:
        key.held_by_sostenuto = down and not key.released


def _bend(channel: _Channel, tick: int) -> None:
    channel.wheel_at.append((tick, channel.wheel / _CENTRE * channel.range))


def _end_released(channel: _Channel, tick: int, notes: list[TickNote]) -> None:
    """End what no key and no pedal holds any more."""
    if channel.sustain:
        return
    for pitch, keys in list(channel.keys.items()):
        for key in [key for key in keys if key.released and not key.held_by_sostenuto]:
            _end(channel, pitch, key, tick, notes)


def _end_all(channel: _Channel, tick: int, notes: list[TickNote]) -> None:
    for pitch, keys in list(channel.keys.items()):
        for key in list(keys):
            _end(channel, pitch, key, tick, notes)


def _end(channel: _Channel, pitch: int, key: _Key, tick: int, notes: list[TickNote]) -> None:
    channel.keys[pitch].remove(key)
    bends = _bends_between(channel.wheel_at, key.start, tick)
    notes.append(TickNote(key.start, tick, pitch, key.velocity, key.voice, bends))


def _bends_between(
    wheel_at: list[tuple[int, float]], start: int, end: int
) -> tuple[tuple[int, float], ...]:
    """The wheel's places from a note's start to its end; none where it rests in the middle."""
    place = len(wheel_at)
    while wheel_at[place - 1][0] > start:
        place -= 1
    within = [(max(start, tick), bend) for tick, bend in wheel_at[place - 1 :] if tick <= end]
    return tuple(within) if any(bend for _, bend in within) else ()
