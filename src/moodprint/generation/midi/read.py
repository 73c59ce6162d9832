"""Reads Standard MIDI Files into scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moodprint.audio.media import readable_file
from moodprint.errors import InputError
from moodprint.generation.midi.score import Score, ScoreNote, Track

MIDI_SUFFIXES = frozenset((".mid", ".midi", ".smf", ".kar"))

_MAGIC = b"MThd"
_SHORTEST_S = 0.03
_LONGEST_S = 24 * 3600.0


def read_midi(path: str | Path) -> Score:
    """The notes of a MIDI file with all its tempo changes applied, tracks in their order.

    Notes shorter than 30 ms get as much. A file without notes gives a score without notes.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError: the file cannot be opened.
        InputError: it is no MIDI file, is damaged, or announces more than a day of music.
    """
    import symusic  # not loaded where the song is audio

    file = readable_file(path)
    data = file.read_bytes()
    if not data.startswith(_MAGIC):
        raise InputError(f"{file}: is no MIDI file: it does not begin with {_MAGIC.decode()}")
    try:
        parsed: Any = symusic.Score.from_midi(data, ttype="second")
    except Exception as error:  # the package raises RuntimeError, or ValueError
        raise InputError(f"{file}: is a damaged MIDI file: {error}") from error
    tracks = tuple(Track(track.name.strip(), track.is_drum) for track in parsed.tracks)
    notes = [note for index, track in enumerate(parsed.tracks) for note in _notes(track, index)]
    score = Score((), tracks).with_notes(notes)
    if not score.duration_s < _LONGEST_S:
        raise InputError(f"{file}: announces {score.duration_s:.0f} s of music, more than a day")
    return score


def is_midi(path: str | Path) -> bool:
    """Whether the file's name, or else its first bytes, are those of a MIDI file."""
    path = Path(path)
    if path.suffix.lower() in MIDI_SUFFIXES:
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _notes(track: Any, index: int) -> list[ScoreNote]:
    columns = track.notes.numpy()
    starts = columns["time"].tolist()
    ends = (columns["time"] + columns["duration"].clip(min=_SHORTEST_S)).tolist()
    return [
        ScoreNote(start, end, pitch, velocity, index)
        for start, end, pitch, velocity in zip(
            starts, ends, columns["pitch"].tolist(), columns["velocity"].tolist(), strict=True
        )
        if velocity > 0
    ]
