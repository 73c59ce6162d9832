"""Writes Standard MIDI Files, byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Sequence


def _variable(value: int) -> bytes:
    out = bytes([value & 127])
    while value := value >> 7:
        out = bytes([value & 127 | 128]) + out
    return out


def midi_bytes(
    tracks: Sequence[Sequence[tuple[float, float, int, int]]],
    *,
    tempos: Sequence[tuple[float, float]] = ((0.0, 120.0),),
    channels: Sequence[int] | None = None,
    per_beat: int = 480,
) -> bytes:
    """Tracks of notes (start, end in beats, pitch, velocity); tempos as (beat, beats a minute).
    Channel 9 is that of drums."""
    meta = [
        (round(beat * per_beat), b"\xff\x51\x03" + round(6e7 / bpm).to_bytes(3, "big"))
        for beat, bpm in tempos
    ]
    chunks = [_chunk(meta)]
    for index, notes in enumerate(tracks):
        channel = channels[index] if channels else index % 9
        events = []
        for start, end, pitch, velocity in notes:
            events.append((round(start * per_beat), bytes([0x90 + channel, pitch, velocity])))
            events.append((round(end * per_beat), bytes([0x80 + channel, pitch, 0])))
        chunks.append(_chunk(events))
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(chunks), per_beat) + b"".join(chunks)


def midi_of(*tracks: Sequence[tuple[int, bytes]], division: int = 480, format: int = 1) -> bytes:
    """Tracks of raw events, each with its tick; 480 ticks a quarter note of half a second."""
    chunks = [_chunk(list(track)) for track in tracks]
    return b"MThd" + struct.pack(">IHHH", 6, format, len(chunks), division) + b"".join(chunks)


def _chunk(events: list[tuple[int, bytes]]) -> bytes:
    pieces, now = [], 0
    for tick, event in sorted(events, key=lambda item: (item[0], item[1][0] >> 4 == 9)):
        pieces.append(_variable(tick - now) + event)
        now = tick
    body = b"".join(pieces) + b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(body)) + body
