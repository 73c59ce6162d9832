"""The notes of a song, whatever it is: MIDI, or sound whose notes are transcribed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from moodprint.audio.decode import AudioStream
from moodprint.audio.decode_options import DecodeOptions
from moodprint.engine import file_limits, run_one
from moodprint.errors import OptionError
from moodprint.generation.midi.read import is_midi, read_midi
from moodprint.generation.midi.score import Score
from moodprint.generation.midi.transcribe import transcribe
from moodprint.generation.midi.transcription_card import SAMPLE_RATE_HZ

_LIMITS = file_limits(effort=4, memory_bytes=2 * 1024**3)
"""Transcribing takes up to four times as long as an analysis, for which limits are made, and keeps
what the network says of each moment: 0.3 MB a second, so that an hour fits."""


@dataclass(frozen=True)
class Song:
    """The notes of a file, whether they were written (MIDI) or transcribed, and what was odd about
    the file."""

    score: Score
    is_midi: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadSong:
    """Reads the notes of a file; sent to a worker process.

    ``track`` is a track of notes in MIDI, an audio track in audio or video; None is all notes, or
    the audio track that a player would take. ``keep_bends`` keeps on transcribed notes how they
    bend; written ones bend as MIDI's pitch wheel says.
    """

    track: int | None = None
    keep_bends: bool = False

    def __call__(self, path: str) -> Song:
        """Raises what ``read_song`` raises."""
        if is_midi(path):
            song = read_midi(path)
            return Song(self._chosen(song.score), is_midi=True, warnings=song.warnings)
        options = DecodeOptions(self.track)
        stream = AudioStream(path, sample_rate_hz=SAMPLE_RATE_HZ, options=options)
        score = transcribe(stream, keep_bends=self.keep_bends)
        return Song(score, is_midi=False, warnings=tuple(stream.warnings))

    def _chosen(self, score: Score) -> Score:
        if self.track is None:
            return score
        if not 1 <= self.track <= len(score.tracks):
            names = ", ".join(f"{n} {t.name!r}" for n, t in enumerate(score.tracks, start=1))
            raise OptionError(f"there is no track {self.track}; known: {names or 'none'}")
        return score.only(self.track - 1)


def read_song(path: str | Path, track: int | None = None, *, keep_bends: bool = False) -> Song:
    """The notes of a MIDI file, or those transcribed from audio or video, read in a process of its
    own (see ``engine.file_limits``). The options are those of ReadSong.

    Raises:
        InputError and its kinds: the song cannot be read, or has not that track.
        WorkerCrashedError, TimeLimitError, MemoryLimitError: the file ended its reader.
    """
    read = ReadSong(track, keep_bends)
    return run_one(read, str(path), limits=_LIMITS)
