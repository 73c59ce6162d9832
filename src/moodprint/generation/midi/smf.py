"""Standard MIDI Files as events: the container alone, whatever the events mean.

After the Standard MIDI Files specification 1.0 (MMA, 1996), and RP-029 for RIFF around them. Files
are read as far as they go: what is cut off or damaged ends its track, and a warning says so.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

META = 0xFF
TRACK_NAME, END_OF_TRACK, TEMPO = 0x03, 0x2F, 0x51
NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, WHEEL = 0x80, 0x90, 0xB0, 0xC0, 0xE0
"""Kinds of events: status bytes without their channel."""

_HEADER, _TRACK = b"MThd", b"MTrk"
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_SYSEX = (0xF0, 0xF7)
_MOST_TRACKS = 65_536
_MOST_EVENTS = 5_000_000
"""A megabyte of running status holds 350,000; more than this is no music and fills memory."""


class Event(NamedTuple):
    """At ``tick`` from the track's start: a channel's event (``kind`` is its status without the
    channel, ``data`` one or two bytes) or a meta event (``kind`` META, ``channel`` its type)."""

    tick: int
    kind: int
    channel: int
    data: bytes


@dataclass(frozen=True)
class MidiFile:
    """``division`` as the header has it: ticks a quarter note, or where ``ticks_per_second`` is
    given (SMPTE timing) nothing. ``format`` 2 holds tracks that follow each other, 0 and 1 tracks
    that sound together."""

    format: int
    division: int
    ticks_per_second: float | None
    tracks: tuple[tuple[Event, ...], ...]
    warnings: tuple[str, ...] = ()


class DamagedMidiError(ValueError):
    """Says why nothing of a file can be read."""


def is_smf(data: bytes) -> bool:
    """Whether bytes begin as a Standard MIDI File does, in RIFF or without."""
    return data[:4] == _HEADER or (data[:4] == b"RIFF" and data[8:12] == b"RMID")


def parse_smf(data: bytes) -> MidiFile:
    """The events of a file's bytes.

    Raises:
        DamagedMidiError: there is no header that can be used.
    """
    data = _without_riff(data)
    if len(data) < 14 or data[:4] != _HEADER:
        raise DamagedMidiError("its header is cut off" if len(data) < 14 else "it has no header")
    length, kind, announced, division = struct.unpack(">LHHH", data[4:14])
    if length < 6 or division == 0:
        raise DamagedMidiError("its header makes no sense")
    ticks_per_second = _smpte_rate(division) if division & 0x8000 else None
    reader = _Tracks(data, 8 + length)
    tracks = reader.read()
    warnings = list(reader.warnings)
    if len(tracks) < announced and not warnings:
        warnings.append(f"of {announced} tracks {announced - len(tracks)} are missing")
    return MidiFile(kind, division & 0x7FFF, ticks_per_second, tracks, tuple(warnings))


def _without_riff(data: bytes) -> bytes:
    if data[:4] != b"RIFF":
        return data
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if name == b"data":
            return data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2  # chunks of RIFF begin at even places
    raise DamagedMidiError("its RIFF holds no MIDI")


def _smpte_rate(division: int) -> float:
    """Ticks a second of SMPTE timing: frames a second, negative, and ticks a frame."""
    frames, per_frame = 256 - (division >> 8), division & 0xFF
    if frames not in (24, 25, 29, 30) or not per_frame:
        raise DamagedMidiError("its header makes no sense")
    return (30_000 / 1001 if frames == 29 else frames) * per_frame


@dataclass
class _Tracks:
    """Reads the chunks of tracks from ``place`` on."""

    data: bytes
    place: int
    warnings: list[str] = field(default_factory=list)
    events: int = 0

    def read(self) -> tuple[tuple[Event, ...], ...]:
        tracks: list[tuple[Event, ...]] = []
        while self.place + 8 <= len(self.data) and len(tracks) < _MOST_TRACKS:
            name = self.data[self.place : self.place + 4]
            size = int.from_bytes(self.data[self.place + 4 : self.place + 8], "big")
            body = memoryview(self.data)[self.place + 8 : self.place + 8 + size]
            self.place += 8 + size
            if name == _TRACK:
                tracks.append(self._track(body, len(tracks) + 1, cut=len(body) < size))
        return tuple(tracks)

    def _track(self, body: memoryview, number: int, *, cut: bool) -> tuple[Event, ...]:
        events: list[Event] = []
        try:
            _read_events(body, events, _MOST_EVENTS - self.events)
        except (IndexError, ValueError):
            word = "is cut off" if cut else "is damaged"
            self.warnings.append(f"track {number} {word}; read as far as it goes")
        else:
            if cut:
                self.warnings.append(f"track {number} is cut off; read as far as it goes")
        self.events += len(events)
        return tuple(events)


def _read_events(body: memoryview, events: list[Event], most: int) -> None:
    """Append the events of a track's body until its end.

    Raises:
        IndexError, ValueError: the body ends within an event, or holds what is none; the events
            before it are there.
    """
    place = tick = status = 0
    while place < len(body):
        if len(events) >= most:
            raise ValueError("too many events")
        waited, place = _variable(body, place)
        tick += waited
        first = body[place]
        if first == META or first in _SYSEX:
            size, begin = _variable(body, place + (2 if first == META else 1))
            content = bytes(body[begin : begin + size])
            if len(content) < size:
                raise IndexError
            if first == META and body[place + 1] == END_OF_TRACK:
                events.append(Event(tick, META, END_OF_TRACK, b""))
                return
            if first == META and body[place + 1] in (TRACK_NAME, TEMPO):
                events.append(Event(tick, META, body[place + 1], content))
            place, status = begin + size, 0
            continue
        if first & 0x80:
            status, place = first, place + 1
        length = _DATA_BYTES[status & 0xF0] if 0x80 <= status < 0xF0 else _no_event(first)
        content = bytes(body[place : place + length])
        if len(content) < length:
            raise IndexError
        if max(content) & 0x80:
            _no_event(max(content))
        events.append(Event(tick, status & 0xF0, status & 0x0F, content))
        place += length


def _no_event(byte: int) -> int:
    raise ValueError(f"a byte {byte:#x} where an event is expected")


def _variable(body: memoryview, place: int) -> tuple[int, int]:
    """A number of up to four bytes, seven bits each, and the place behind it."""
    value = 0
    for offset in range(4):
        byte = body[place + offset]
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            return value, place + offset + 1
    raise ValueError("a number of more than four bytes")
