"""From a song to new instruments: its notes, played by a note generator."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from moodprint.clip import Clip, FloatArray
from moodprint.emotion import Emotion
from moodprint.errors import InputError, OptionError
from moodprint.generation.midi.emotion_rules import expressed
from moodprint.generation.midi.key import estimated_key, snapped_to_key
from moodprint.generation.midi.quantise import quantised
from moodprint.generation.midi.read import is_midi, read_midi
from moodprint.generation.midi.score import Score
from moodprint.generation.midi.tempo import estimated_tempo_bpm
from moodprint.generation.midi.transcribe import transcribe
from moodprint.generation.note_generator.generator import Generator
from moodprint.generation.note_generator.latents import InstrumentRoute
from moodprint.generation.note_generator.play import play
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.generation.soundfont import SoundFont

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NotesSettings:
    """How a song is played. ``track`` plays one track alone, the first being 1. ``snap`` moves
    notes out of the song's key into it, by default only where they were heard in audio, whose
    errors make music off-tune. ``quantise`` puts notes on the sixteenths of so many beats a
    minute, or of those that the notes tell (``auto``). ``keep_bends`` plays glides and vibrato that
    were heard in audio. ``drums`` is a SoundFont for the drum
    tracks, which are left out without one."""

    seconds_per_instrument: float = 6.0
    seed: int = 1
    track: int | None = None
    emotion: Emotion | None = None
    snap: bool | None = None
    quantise: float | Literal["auto"] | None = None
    spread: float = 0.0
    drums: Path | None = None
    keep_bends: bool = False


def score_of(song: str | Path, settings: NotesSettings) -> Score:
    """The notes of a MIDI file, or those heard in audio or video, as the settings shape them.

    Raises:
        InputError and its kinds: the song cannot be read, or has not that track.
        OptionError: bends are to be kept of MIDI, whose pitch wheel is not read.
    """
    midi = is_midi(song)
    if midi and settings.keep_bends:
        raise OptionError(f"{song}: bends are kept of audio alone; MIDI's pitch wheel is not read")
    score = read_midi(song) if midi else transcribe(song, keep_bends=settings.keep_bends)
    if settings.track is not None:
        score = _one_track(score, settings.track)
    if settings.quantise is not None and score.notes:
        tempo_bpm = settings.quantise
        if tempo_bpm == "auto":
            tempo_bpm = estimated_tempo_bpm(score)
            _log.info("%s: %.1f beats a minute", song, tempo_bpm)
        score = quantised(score, tempo_bpm)
    snap = not midi if settings.snap is None else settings.snap
    if snap and score.melodic:
        key = estimated_key(score)
        _log.info("%s: in %s", song, key)
        score = snapped_to_key(score, key)
    return score if settings.emotion is None else expressed(score, settings.emotion)


def generate_notes(
    song: str | Path,
    generator: Generator,
    settings: NotesSettings | None = None,
    on_progress: Callable[[float], None] | None = None,
    stops: FloatArray | None = None,
) -> Clip:
    """A song, played by instruments that nobody has heard before. ``on_progress`` is told which
    share is done; ``stops`` [S, 256] are the instruments to pass, random ones where None.

    Raises:
        InputError and its kinds: the song cannot be read, or has no note to play.
        MissingExtraError: a package for reading MIDI, or for drums, is not installed.
    """
    settings = settings or NotesSettings()
    route = InstrumentRoute(settings.seconds_per_instrument, settings.seed, stops)
    drums = None if settings.drums is None else SoundFont(settings.drums, SAMPLE_RATE_HZ)
    score = score_of(song, settings)
    try:
        return play(
            score, generator, route, spread=settings.spread, drums=drums, on_progress=on_progress
        )
    except OptionError:
        raise
    except InputError as error:
        raise InputError(f"{song}: {error}") from error


def _one_track(score: Score, track: int) -> Score:
    if not 1 <= track <= len(score.tracks):
        names = ", ".join(f"{n} {t.name!r}" for n, t in enumerate(score.tracks, start=1))
        raise OptionError(f"there is no track {track}; known: {names or 'none'}")
    return score.only(track - 1)
