"""MIDI files broken along their chunks and events are read or refused, by one line."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from midi_writer import midi_bytes
from structured_mutations import mutated_structure

from moodprint.errors import InputError
from moodprint.generation.midi.read import read_midi

TRACKS = [
    [(i * 120, i * 120 + 100, 40 + i % 40, 90) for i in range(40)],
    [(i * 240, i * 240 + 300, 50 + i % 20, 80) for i in range(20)],
]
EVENTS = {
    "pedal": b"\x00\xb0\x40\x7f",
    "wheel": b"\x00\xe0\x00\x7f",
    "range of the wheel": b"\x00\xb0\x65\x00\x00\x64\x00\x00\x06\x7f",
    "tempo 0": b"\x00\xff\x51\x03\x00\x00\x00",
    "slowest tempo": b"\x00\xff\x51\x03\xff\xff\xff",
    "program": b"\x00\xc0\x20",
    "longest wait": b"\xff\xff\xff\x7f\x90\x3c\x40",
    "system exclusive": b"\x00\xf0\x05\x01\x02\x03\x04\xf7",
}


def _read(path: Path, data: bytes) -> int | None:
    """How many notes there are; None where the file is refused."""
    path.write_bytes(data)
    message = ""
    try:
        notes = read_midi(path).score.notes
    except InputError as error:
        message, notes = str(error), ()
    assert "\n" not in message
    if message:
        return None
    assert all(0 <= note.start_s < note.end_s for note in notes)
    assert all(0 <= note.pitch_midi <= 127 for note in notes)
    return len(notes)


def test_files_broken_along_their_structure(tmp_path: Path) -> None:
    whole = midi_bytes(TRACKS)
    counts = [
        _read(tmp_path / "broken.mid", mutated_structure(whole, ".mid", np.random.default_rng(k)))
        for k in range(300)
    ]
    assert sum(count is None for count in counts) > 10
    assert sum(count is not None for count in counts) > 100


@pytest.mark.parametrize("times", [1, 3_000])
@pytest.mark.parametrize("event", EVENTS)
def test_events_in_masses(tmp_path: Path, event: str, times: int) -> None:
    data = midi_bytes(TRACKS[:1])
    at = data.find(b"MTrk") + 8
    (size,) = struct.unpack_from(">L", data, at - 4)
    more = EVENTS[event] * times
    data = data[: at - 4] + struct.pack(">L", size + len(more)) + more + data[at:]
    count = _read(tmp_path / "more.mid", data)
    waits_for_days = event == "longest wait"
    assert count is None if waits_for_days else count == len(TRACKS[0])
