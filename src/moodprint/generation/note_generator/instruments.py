"""Instruments kept by name: points of a generator's space, and how they sound."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from moodprint.clip import FloatArray
from moodprint.errors import InputError, MissingFileError, OptionError, unknown_name
from moodprint.files import write_atomically
from moodprint.generation.note_generator.architecture import LATENT_SIZE
from moodprint.generation.note_generator.timbre import Timbre, instrument_timbre
from moodprint.json_fields import Fields

if TYPE_CHECKING:
    from moodprint.generation.note_generator.generator import Generator

_TERM = re.compile(r"\s*(?:(?P<weight>[0-9.]+)\s*\*\s*)?(?P<name>[^*+]+?)\s*$")


@dataclass(frozen=True)
class Instrument:
    """A point [256] of a generator's space, and how it sounds there."""

    latent: tuple[float, ...]
    timbre: Timbre


def explored(generator: Generator, count: int, seed: int) -> dict[str, Instrument]:
    """``count`` instruments drawn at random, by the names ``seed-1``, ``seed-2``, ..."""
    if count < 1:
        raise OptionError(f"exploring takes a number of instruments above 0, not {count}")
    random = np.random.default_rng([seed, count])
    latents = random.standard_normal((count, LATENT_SIZE)).astype(np.float32)
    return {
        f"{seed}-{number}": Instrument(tuple(latent.tolist()), instrument_timbre(generator, latent))
        for number, latent in enumerate(latents, start=1)
    }


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
    fields = Fields(json.loads(text))
    return {name: _instrument(fields.part(name)) for name in fields}


def route_latents(route: str, instruments: Mapping[str, Instrument]) -> FloatArray:
    """The latents [S, 256] of names with commas between, each a name or a blend of some.

    ``"a, b, 0.7*a+0.3*b"`` goes from a to b and then to a blend; a weight left out is 1.

    Raises:
        OptionError: an unknown name, or weights that add to 0.
    """
    return np.stack([_blend(part, instruments) for part in route.split(",")])


def _blend(text: str, instruments: Mapping[str, Instrument]) -> FloatArray:
    """A weighted sum, brought to the length that points drawn at random have."""
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
    return (total / np.sqrt(squares)).astype(np.float32)


def _weight(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError as error:
        raise OptionError(f"a weight of a blend is a number, not {text!r}") from error


def _instrument(fields: Fields) -> Instrument:
    latent, timbre = fields.numbers("latent"), fields.part("timbre")
    if len(latent) != LATENT_SIZE:
        raise ValueError(f"a latent has {LATENT_SIZE} numbers, not {len(latent)}")
    names = ("overtones", "kept", "attack_s")
    return Instrument(latent, Timbre(*map(timbre.number, names)))
