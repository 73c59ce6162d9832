"""Instruments that were found, kept by name: points of a generator's space, and how they sound."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from moodprint.clip import FloatArray
from moodprint.errors import InputError, MissingFileError, OptionError, unknown_name
from moodprint.files import write_atomically
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.generation.note_generator.weights import LATENT_SIZE
from moodprint.pitch import midi_to_hz

if TYPE_CHECKING:
    from moodprint.generation.note_generator.generator import Generator

WORDS = ("bright", "dark", "plucked", "sustained", "slow")

_HEARD_PITCHES = (48, 60, 72)
_BRIGHT_OVERTONES, _DARK_OVERTONES = 4.0, 2.0
_PLUCKED_KEEP, _SUSTAINED_KEEP = 0.25, 0.7
_SLOW_ATTACK_S = 0.12
_TERM = re.compile(r"\s*(?:(?P<weight>[0-9.]+)\s*\*\s*)?(?P<name>[^*+]+?)\s*$")


@dataclass(frozen=True)
class Timbre:
    """How an instrument sounds: the mean frequency of its spectrum over that of the note; the
    share of its level that is left after 2 s; and the time until 0.9 of the highest level."""

    overtones: float
    kept: float
    attack_s: float

    @property
    def words(self) -> tuple[str, ...]:
        """Those of WORDS that fit."""
        fits = (
            self.overtones >= _BRIGHT_OVERTONES,
            self.overtones <= _DARK_OVERTONES,
            self.kept <= _PLUCKED_KEEP,
            self.kept >= _SUSTAINED_KEEP,
            self.attack_s >= _SLOW_ATTACK_S,
        )
        return tuple(word for word, fit in zip(WORDS, fits, strict=True) if fit)


@dataclass(frozen=True)
class Instrument:
    latent: tuple[float, ...]
    timbre: Timbre


def explored(generator: Generator, count: int, seed: int) -> dict[str, Instrument]:
    """``count`` instruments drawn at random, by the names ``seed-1``, ``seed-2``, ..."""
    if count < 1:
        raise OptionError(f"exploring takes a number of instruments above 0, not {count}")
    random = np.random.default_rng([seed, count])
    latents = random.standard_normal((count, LATENT_SIZE)).astype(np.float32)
    return {
        f"{seed}-{number}": Instrument(tuple(latent.tolist()), heard_timbre(generator, latent))
        for number, latent in enumerate(latents, start=1)
    }


def heard_timbre(generator: Generator, latent: FloatArray) -> Timbre:
    """The timbre of an instrument, the mean over three octaves."""
    latents = np.repeat(latent[None], len(_HEARD_PITCHES), axis=0)
    notes = generator.waveform(latents, _HEARD_PITCHES)
    heard = [timbre_of(note, pitch) for note, pitch in zip(notes, _HEARD_PITCHES, strict=True)]
    means = np.mean([(t.overtones, t.kept, t.attack_s) for t in heard], axis=0)
    return Timbre(*(round(float(value), 3) for value in means))


def timbre_of(note: FloatArray, pitch_midi: int) -> Timbre:
    """The timbre of one note [64000]; that of silence is (0, 0, 0)."""
    hop = SAMPLE_RATE_HZ // 50
    level = np.sqrt(np.mean(note.reshape(-1, hop) ** 2, axis=1))
    highest = float(level.max())
    if not highest > 0:
        return Timbre(0.0, 0.0, 0.0)
    spectrum = np.abs(np.fft.rfft(note[: 3 * SAMPLE_RATE_HZ]))
    frequency_hz = np.arange(len(spectrum)) / 3
    centroid_hz = float((spectrum**2 @ frequency_hz) / (spectrum**2).sum())
    return Timbre(
        overtones=centroid_hz / midi_to_hz(pitch_midi),
        kept=float(level[100:105].mean() / highest),
        attack_s=float((level >= 0.9 * highest).argmax()) / 50,
    )


def save_instruments(path: str | Path, instruments: Mapping[str, Instrument]) -> None:
    """Add instruments to a JSON file, made where it is not there; the same name is replaced."""
    path = Path(path)
    known = load_instruments(path) if path.exists() else {}
    write_atomically(path, instruments_json({**known, **instruments}))


def load_instruments(path: str | Path) -> dict[str, Instrument]:
    """The instruments of a file that ``save_instruments`` wrote.

    Raises:
        MissingFileError: there is none. InputError: it is something else.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError(f"{path}: no such file")
    try:
        return parsed_instruments(path.read_text())
    except ValueError as error:
        raise InputError(f"{path}: is no file of instruments: {error}") from error


def instruments_json(instruments: Mapping[str, Instrument]) -> str:
    """Instruments as text, one a line, each with its timbre and its words."""
    words = {name: {**asdict(one), "words": one.timbre.words} for name, one in instruments.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in words.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def parsed_instruments(text: str) -> dict[str, Instrument]:
    """The instruments in such a text.

    Raises:
        ValueError: it is something else.
    """
    try:
        return {name: _instrument(item) for name, item in json.loads(text).items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(repr(error)) from error


def stops(route: str, instruments: Mapping[str, Instrument]) -> FloatArray:
    """The latents [S, 256] of names with commas between, each a name or a blend of some.

    ``"a, b, 0.7*a+0.3*b"`` goes from a to b and then to a blend; a weight left out is 1.

    Raises:
        OptionError: an unknown name, or weights that add to 0.
    """
    return np.stack([_blend(part, instruments) for part in route.split(",")])


def _blend(text: str, instruments: Mapping[str, Instrument]) -> FloatArray:
    total = np.zeros(LATENT_SIZE)
    squares = 0.0
    for term in text.split("+"):
        found = _TERM.match(term)
        if found is None:
            raise OptionError(f"a blend reads  0.7*name+0.3*other, not {text!r}")
        weight = _weight(found["weight"])
        if found["name"] not in instruments:
            raise unknown_name("instrument", found["name"], instruments)
        total += weight * np.array(instruments[found["name"]].latent)
        squares += weight**2
    if squares == 0:
        raise OptionError(f"the weights of the blend {text!r} are all 0")
    blend: FloatArray = (total / np.sqrt(squares)).astype(np.float32)
    return blend


def _weight(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError as error:
        raise OptionError(f"a weight of a blend is a number, not {text!r}") from error


def _instrument(item: Mapping[str, Any]) -> Instrument:
    latent = tuple(float(value) for value in item["latent"])
    if len(latent) != LATENT_SIZE or not np.isfinite(latent).all():
        raise ValueError(f"a latent has {LATENT_SIZE} numbers")
    return Instrument(latent, Timbre(**item["timbre"]))
