"""Reads Standard MIDI Files into scores."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from moodprint.audio.media import readable_file
from moodprint.errors import InputError
from moodprint.generation.midi.channels import TickNote, Voice, notes_of
from moodprint.generation.midi.score import Score, ScoreNote, Track
from moodprint.generation.midi.smf import (
    META,
    TRACK_NAME,
    DamagedMidiError,
    Event,
    MidiFile,
    is_smf,
    parse_smf,
)
from moodprint.generation.midi.tick_clock import TickClock

MIDI_SUFFIXES = frozenset((".mid", ".midi", ".smf", ".kar", ".rmi"))

_SHORTEST_S = 0.03
_LONGEST_S = 24 * 3600.0
_BEND_STEP_S = 0.02
"""Vibrato has up to 8 swings a second, which so many steps draw well."""
_MOST_BENDS = 3000


@dataclass(frozen=True)
class MidiSong:
    """The score of a MIDI file, and what was odd about the file."""

    score: Score
    warnings: tuple[str, ...] = ()


def read_midi(path: str | Path) -> MidiSong:
    """The notes of a MIDI file with all its tempo changes applied.

    The score's tracks are the file's, one for each channel and program in it. Keys held by a pedal
    sound on, and the pitch wheel bends (see ``channels``). Tracks of format 2 follow each other.
    Notes shorter than 30 ms get as much. A file without notes gives a score without notes; one
    that is cut off or damaged is read as far as it goes, with a warning.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError: the file cannot be opened.
        InputError: it is no MIDI file, nothing in it can be read, or it announces more than a day
            of music.
    """
    file = readable_file(path)
    data = file.read_bytes()
    if not is_smf(data):
        raise InputError(f"{file}: is no MIDI file: it does not begin with MThd")
    try:
        parsed = parse_smf(data)
    except DamagedMidiError as error:
        raise InputError(f"{file}: is a damaged MIDI file: {error}") from error
    score = _score(parsed)
    if parsed.warnings and not score.notes:
        raise InputError(f"{file}: is a damaged MIDI file: {parsed.warnings[0]}")
    if not score.duration_s < _LONGEST_S:
        raise InputError(f"{file}: announces {score.duration_s:.0f} s of music, more than a day")
    return MidiSong(score, parsed.warnings)


def is_midi(path: str | Path) -> bool:
    """Whether the file's name, or else its first bytes, are those of a MIDI file."""
    path = Path(path)
    if path.suffix.lower() in MIDI_SUFFIXES:
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return is_smf(file.read(12))


def _score(parsed: MidiFile) -> Score:
    numbered = list(enumerate(parsed.tracks))
    groups = [[each] for each in numbered] if parsed.format == 2 else [numbered]
    timed = [_timed(parsed, group) for group in groups]
    starts_s = accumulate((end_s for _, end_s in timed), initial=0.0)
    together = [
        (note.start_s + start_s, note.end_s + start_s, note, voice)
        for start_s, (notes, _) in zip(starts_s, timed, strict=False)
        for note, voice in notes
    ]
    order = dict.fromkeys(voice for *_, voice in sorted(together, key=lambda each: each[3]))
    voices = {voice: number for number, voice in enumerate(order)}
    names = [_name(events) for events in parsed.tracks]
    tracks = tuple(Track(names[voice.track], voice.drums) for voice in voices)
    notes = [
        note._replace(start_s=start_s, end_s=end_s, track=voices[voice])
        for start_s, end_s, note, voice in together
    ]
    return Score((), tracks).with_notes(notes)


def _timed(
    parsed: MidiFile, tracks: list[tuple[int, tuple[Event, ...]]]
) -> tuple[list[tuple[ScoreNote, Voice]], float]:
    """The notes of tracks that sound together, who plays each, and when the last event is."""
    events = [(number, event) for number, events in tracks for event in events]
    events.sort(key=lambda each: each[1].tick)  # stable: events of one tick stay in order
    clock = TickClock(parsed, (event for _, event in events))
    notes = [(_in_seconds(note, clock), note.voice) for note in notes_of(events)]
    return notes, clock.seconds(events[-1][1].tick) if events else 0.0


def _in_seconds(note: TickNote, clock: TickClock) -> ScoreNote:
    start_s = clock.seconds(note.start)
    end_s = max(clock.seconds(note.end), start_s + _SHORTEST_S)
    bends = _evenly(note.bends, clock, start_s, end_s) if note.bends else ()
    return ScoreNote(start_s, end_s, note.pitch_midi, note.velocity, bends=bends)


def _evenly(
    bends: tuple[tuple[int, float], ...], clock: TickClock, start_s: float, end_s: float
) -> tuple[float, ...]:
    """The bend at evenly spaced moments: the last one set before each."""
    count = min(_MOST_BENDS, max(1, math.ceil((end_s - start_s) / _BEND_STEP_S)))
    moments = start_s + np.arange(count) * ((end_s - start_s) / count)
    set_at = np.array([clock.seconds(tick) for tick, _ in bends])
    places = np.searchsorted(set_at, moments + 1e-9, side="right") - 1
    return tuple(float(bends[place][1]) for place in np.maximum(places, 0))


def _name(events: tuple[Event, ...]) -> str:
    for event in events:
        if event.kind == META and event.channel == TRACK_NAME:
            return event.data.decode("utf-8", errors="replace").strip()
    return ""
