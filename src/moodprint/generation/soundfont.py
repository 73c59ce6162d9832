"""Single notes played from a SoundFont (sf2, sf3), by TinySoundFont."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soxr

from moodprint.audio.media import readable_file
from moodprint.clip import FloatArray
from moodprint.engine import Crew, file_limits
from moodprint.errors import InputError, MissingExtraError, OptionError

DRUM_BANK = 128
_MEMORY_BYTES = 2 * 1024**3
"""Large fonts hold hundreds of megabytes of samples, and are read whole."""
_PLAYED_RATE_HZ = 48_000
"""The player does not filter what it pitches up, so it plays well above the wanted rates."""


class NotePlayer(Protocol):
    """What plays single notes: see ``SoundFont.note``."""

    def note(
        self, program: int, pitch_midi: int, velocity: int, held_s: float, total_s: float,
        bank: int = 0,
    ) -> FloatArray:  # fmt: skip
        """One note [N], mono."""
        ...


@contextmanager
def guarded_soundfont(path: str | Path, sample_rate_hz: int) -> Iterator[NotePlayer]:
    """A SoundFont that is opened and played in a process of its own: it may come from a stranger.

    Raises:
        what SoundFont raises; WorkerCrashedError, TimeLimitError, MemoryLimitError.
    """
    limits = file_limits(attrgetter("path"), memory_bytes=_MEMORY_BYTES)
    with Crew(PlayNote(sample_rate_hz), workers=1, limits=limits) as crew:
        crew(FontNote(str(path)))
        yield _Guarded(crew, str(path))


@dataclass(frozen=True)
class FontNote:
    """A note of a SoundFont, by the arguments of ``SoundFont.note``; None only opens the font."""

    path: str
    arguments: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class PlayNote:
    """Plays notes of SoundFonts; sent to a worker process, which keeps the last font open."""

    sample_rate_hz: int

    def __call__(self, note: FontNote) -> FloatArray:
        """Raises what SoundFont and its ``note`` raise."""
        font = _opened(note.path, self.sample_rate_hz)
        silence: FloatArray = np.zeros(0, np.float32)
        return silence if note.arguments is None else font.note(*note.arguments)


@dataclass(frozen=True)
class _Guarded:
    crew: Crew[FontNote, FloatArray]
    path: str

    def note(
        self, program: int, pitch_midi: int, velocity: int, held_s: float, total_s: float,
        bank: int = 0,
    ) -> FloatArray:  # fmt: skip
        arguments = (program, pitch_midi, velocity, held_s, total_s, bank)
        return self.crew(FontNote(self.path, arguments))


@lru_cache(maxsize=1)
def _opened(path: str, sample_rate_hz: int) -> SoundFont:
    return SoundFont(path, sample_rate_hz)


class SoundFont:
    """A SoundFont, ready to play.

    Raises:
        MissingExtraError: the package ``tinysoundfont`` is not installed.
        MissingFileError, NoPermissionError, EmptyFileError: the file cannot be opened.
        InputError: it is no SoundFont.
    """

    def __init__(self, path: str | Path, sample_rate_hz: int) -> None:
        try:
            import tinysoundfont
        except ImportError as error:
            raise MissingExtraError("tinysoundfont", "soundfont") from error
        file = readable_file(path)
        self.sample_rate_hz = sample_rate_hz
        self._player = tinysoundfont.Synth(samplerate=_PLAYED_RATE_HZ)
        try:
            self._font = self._player.sfload(str(file))
        except Exception as error:  # the package raises RuntimeError, or its own
            raise InputError(f"{file}: is no SoundFont: {error}") from error

    def program_name(self, program: int, bank: int = 0) -> str | None:
        """What a program is called, None where the font has none of that number."""
        name: str | None = self._player.sfpreset_name(self._font, bank, program)
        return name

    def note(
        self, program: int, pitch_midi: int, velocity: int, held_s: float, total_s: float,
        bank: int = 0,
    ) -> FloatArray:  # fmt: skip
        """One note [N], mono: its key goes down at 0 and up at ``held_s``.

        Raises:
            OptionError: the font has no such program, or a number is out of MIDI's range.
        """
        if self.program_name(program, bank) is None:
            raise OptionError(f"the SoundFont has no program {program} in bank {bank}")
        if not (0 <= pitch_midi <= 127 and 1 <= velocity <= 127 and 0 < held_s <= total_s):
            raise OptionError(
                "a note has a pitch of 0 to 127, a velocity of 1 to 127 and 0 < held_s <= "
                f"total_s, not {pitch_midi}, {velocity}, {held_s}, {total_s}"
            )
        player = self._player
        player.program_select(0, self._font, bank, program)
        player.noteon(0, pitch_midi, velocity)
        held = self._played(round(held_s * _PLAYED_RATE_HZ))
        player.noteoff(0, pitch_midi)
        released = self._played(round(total_s * _PLAYED_RATE_HZ) - len(held))
        player.sounds_off()
        played = np.concatenate([held, released]).mean(axis=1, dtype=np.float32)
        samples: FloatArray = soxr.resample(played, _PLAYED_RATE_HZ, self.sample_rate_hz)
        return samples

    def _played(self, samples: int) -> FloatArray:
        """The next samples [N, 2]."""
        if samples == 0:
            return np.zeros((0, 2), np.float32)
        return np.frombuffer(bytes(self._player.generate(samples)), np.float32).reshape(-1, 2)
