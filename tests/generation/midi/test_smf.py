"""The container: whatever the bytes are, events or one reason."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from midi_writer import midi_bytes, midi_of

from moodprint.generation.midi.smf import (
    END_OF_TRACK,
    META,
    NOTE_OFF,
    NOTE_ON,
    DamagedMidiError,
    Event,
    is_smf,
    parse_smf,
)

WHOLE = midi_bytes([[(0, 1, 60, 100), (1, 2, 62, 90)]])


def _with_body(body: bytes, size: int | None = None) -> bytes:
    header = b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480)
    return header + b"MTrk" + struct.pack(">I", len(body) if size is None else size) + body


def test_events_have_their_ticks_channels_and_bytes() -> None:
    parsed = parse_smf(midi_of([(10, b"\x93\x3c\x64"), (20, b"\x83\x3c\x00")]))
    assert parsed.tracks == (
        (
            Event(10, NOTE_ON, 3, b"\x3c\x64"),
            Event(20, NOTE_OFF, 3, b"\x3c\x00"),
            Event(20, META, END_OF_TRACK, b""),
        ),
    )
    assert (parsed.division, parsed.ticks_per_second, parsed.warnings) == (480, None, ())


def test_running_status_goes_on_until_another_status() -> None:
    body = b"\x00\x90\x3c\x64\x05\x40\x50\x05\x3c\x00\x05\x80\x40\x00\x00\xff\x2f\x00"
    (events,) = parse_smf(_with_body(body)).tracks
    assert [(e.tick, e.kind, e.data[0]) for e in events[:-1]] == [
        (0, NOTE_ON, 60), (5, NOTE_ON, 64), (10, NOTE_ON, 60), (15, NOTE_OFF, 64),
    ]  # fmt: skip


def test_system_exclusive_and_unknown_meta_events_are_passed_over() -> None:
    body = b"\x00\xf0\x03\x01\x02\xf7\x00\xff\x7f\x02ab\x01\x90\x3c\x64\x00\xff\x2f\x00"
    (events,) = parse_smf(_with_body(body)).tracks
    assert [event.tick for event in events] == [1, 1]


def test_chunks_of_other_kinds_are_passed_over() -> None:
    strange = WHOLE[:14] + b"XFIH\x00\x00\x00\x02ab" + WHOLE[14:]
    assert parse_smf(strange).tracks == parse_smf(WHOLE).tracks


@pytest.mark.parametrize("before", [b"", b"LIST\x03\x00\x00\x00abc\x00"])
def test_riff_round_a_file_is_taken_off(before: bytes) -> None:
    inner = before + b"data" + struct.pack("<I", len(WHOLE)) + WHOLE
    riff = b"RIFF" + struct.pack("<I", len(inner) + 4) + b"RMID" + inner
    assert is_smf(riff)
    assert parse_smf(riff) == parse_smf(WHOLE)


@pytest.mark.parametrize(
    ("division", "rate"),
    [(0xE728, 1000), (0xE250, 2400), (0xE804, 96), (0xE364, 30_000 / 1001 * 100)],
)
def test_smpte_timing_is_ticks_a_second(division: int, rate: float) -> None:
    assert parse_smf(midi_of([], division=division)).ticks_per_second == pytest.approx(rate)


@pytest.mark.parametrize(
    "data",
    [
        b"MThd",
        WHOLE[:10],
        midi_of([], division=0),
        midi_of([], division=0xFF04),
        midi_of([], division=0xE700),
        b"MThd\x00\x00\x00\x02" + WHOLE[8:],
        b"RIFF\x00\x00\x00\x00RMIDxxxx\x00\x00\x00\x00",
        b"RIFF\x00\x00\x00\x00RMID",
    ],
)
def test_without_a_header_that_can_be_used_there_is_a_reason(data: bytes) -> None:
    with pytest.raises(DamagedMidiError):
        parse_smf(data)


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_file_cut_off_has_the_events_before_the_cut_and_says_so(cut: int) -> None:
    parsed, whole = parse_smf(WHOLE[:-cut]), parse_smf(WHOLE)
    assert len(parsed.warnings) == 1
    assert "cut off" in parsed.warnings[0] or "missing" in parsed.warnings[0]
    for events, all_events in zip(parsed.tracks, whole.tracks, strict=False):
        assert events == all_events[: len(events)]


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\x3c\x64",
        b"\x00\xf4",
        b"\xff\xff\xff\xff\xff\x90",
        b"\x00\x90\x90\x90",
        b"\x00\xff\x01",
    ],
)
def test_what_is_no_event_ends_its_track_with_a_warning(body: bytes) -> None:
    parsed = parse_smf(_with_body(b"\x00\x90\x3c\x64" + b"\x00\xf0\x00" + body))
    assert len(parsed.tracks[0]) >= 1
    assert "read as far as it goes" in parsed.warnings[0]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_files_are_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    try:
        parsed = parse_smf(bytes(content))
    except DamagedMidiError:
        return
    assert all(a.tick <= b.tick for t in parsed.tracks for a, b in pairwise(t))
