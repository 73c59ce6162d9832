"""From a song to new instruments: its notes, played by a note generator."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from moodprint.bundle import DEFAULT_GENERATOR
from moodprint.clip import Clip, FloatArray, Origin
from moodprint.emotion import Emotion
from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import InputError, OptionError
from moodprint.generation.midi.emotion_rules import expressed
from moodprint.generation.midi.key import estimated_key, snapped_to_key
from moodprint.generation.midi.quantise import quantised
from moodprint.generation.midi.score import Score
from moodprint.generation.midi.tempo import estimated_tempo_bpm
from moodprint.generation.note_generator.bundle import bundled_instruments
from moodprint.generation.note_generator.generator import Generator, load_generator
from moodprint.generation.note_generator.instruments import (
    Instrument,
    load_instruments,
    route_latents,
)
from moodprint.generation.note_generator.latents import InstrumentRoute
from moodprint.generation.note_generator.play import play
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.generation.read_song import Song, read_song
from moodprint.generation.soundfont import NotePlayer, guarded_soundfont

_log = logging.getLogger(__name__)

_SEEDS = 1 << 31


@dataclass(frozen=True)
class NotesSettings:
    """How a song is played.

    ``seed`` chooses the random instruments; None leaves it to the generator of random numbers that
    a request comes with. ``track`` plays one track of a MIDI
    file alone, or takes that audio track of audio or video, the first being 1. ``snap`` moves notes
    out of the song's key into it, by default only those transcribed from audio, whose errors make
    music off-tune. ``quantise`` puts notes on the sixteenths of so many beats a minute, or of those
    that the notes themselves keep (``auto``). ``spread`` places the tracks from left to right; 0 is
    mono. ``keep_bends`` plays glides and vibrato of notes transcribed from audio. ``drums`` is a
    SoundFont for the drum tracks, which are left out without one.
    """

    seconds_per_instrument: float = 6.0
    seed: int | None = 1
    track: int | None = None
    emotion: Emotion | None = None
    snap: bool | None = None
    quantise: float | Literal["auto"] | None = None
    spread: float = 0.0
    drums: str | Path | None = None
    keep_bends: bool = False


@dataclass(frozen=True)
class NotesRequest:
    """A song to be played: what ``generators.GENERATORS`` asks for under ``notes``.

    ``model`` is a note generator's name or bundle. ``instruments`` are names to pass, and blends of
    them (``"flute, 0.7*flute+0.3*harp"``), random ones where None; the names are those of the
    bundle and of ``instruments_file``, which need not be there.
    """

    song: str | Path
    model: str | Path = DEFAULT_GENERATOR
    settings: NotesSettings = field(default_factory=NotesSettings)
    instruments: str | None = None
    instruments_file: str | Path | None = None
    threads: int | None = None


def make_notes(
    request: NotesRequest, rng: np.random.Generator, progress: Progress = no_progress
) -> Clip:
    """A song played as a request says: ``generate_notes``, with all that it needs looked up.

    Raises:
        OptionError: there is no such model or instrument; BundleError: the model is broken; and
            what ``generate_notes`` raises.
    """
    settings = request.settings
    if settings.seed is None:
        settings = replace(settings, seed=int(rng.integers(_SEEDS)))
    route = None
    if request.instruments is not None:
        known = known_instruments(request.model, request.instruments_file)
        route = route_latents(request.instruments, known)
    generator = load_generator(request.model, threads=request.threads)
    return generate_notes(request.song, generator, settings, progress, route)


def generate_notes(
    song: str | Path,
    generator: Generator,
    settings: NotesSettings | None = None,
    progress: Progress = no_progress,
    stops: FloatArray | None = None,
) -> Clip:
    """A song, played by instruments that nobody has heard before. ``stops`` [S, 256] are the
    instruments to pass, random ones where None. The clip's origin has the warnings of decoding.

    Raises:
        InputError and its kinds: the song cannot be read, or has no note to play.
        OptionError: an option has a value that it may not have, or there is no seed.
        MissingExtraError: the package for drums is not installed.
    """
    settings = settings or NotesSettings()
    if settings.seed is None:
        raise OptionError("random instruments take a seed, not None")
    route = InstrumentRoute(settings.seconds_per_instrument, settings.seed, stops)
    read = read_song(song, settings.track, keep_bends=settings.keep_bends)
    score = shaped(read, settings)
    spread, origin = settings.spread, Origin(str(song), warnings=read.warnings)
    with _drums(settings.drums) as drums:
        try:
            clip = play(score, generator, route, spread=spread, drums=drums, progress=progress)
        except OptionError:
            raise
        except InputError as error:
            raise InputError(f"{song}: {error}") from error
    return replace(clip, origin=origin)


def _drums(font: str | Path | None) -> AbstractContextManager[NotePlayer | None]:
    return nullcontext() if font is None else guarded_soundfont(font, SAMPLE_RATE_HZ)


def score_of(song: str | Path, settings: NotesSettings) -> Score:
    """The notes of a MIDI file, or those transcribed from audio or video, as the settings shape
    them.

    Raises:
        InputError and its kinds: the song cannot be read, or has not that track.
    """
    return shaped(read_song(song, settings.track, keep_bends=settings.keep_bends), settings)


def shaped(song: Song, settings: NotesSettings) -> Score:
    """The notes of a song as the settings shape them."""
    score = song.score
    if settings.quantise is not None and score.notes:
        tempo_bpm = settings.quantise
        if tempo_bpm == "auto":
            tempo_bpm = estimated_tempo_bpm(score)
            _log.info("%.1f beats a minute", tempo_bpm)
        score = quantised(score, tempo_bpm)
    snap = not song.is_midi if settings.snap is None else settings.snap
    if snap and score.melodic:
        key = estimated_key(score)
        _log.info("in %s", key)
        score = snapped_to_key(score, key)
    return score if settings.emotion is None else expressed(score, settings.emotion)


def known_instruments(model: str | Path, file: str | Path | None) -> dict[str, Instrument]:
    """The instruments of a generator by name, and those that were saved in a file (where there is
    one), which come first.

    Raises:
        OptionError: there is no such model. BundleError: it is broken.
        InputError: the file is something else.
    """
    saved = load_instruments(file) if file is not None and Path(file).exists() else {}
    return bundled_instruments(model) | saved
