"""Media files broken in random but repeatable ways, and what must hold when they are read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from structured_mutations import mutated_structure

from moodprint.audio.decode import AudioStream
from moodprint.audio.media import probe
from moodprint.errors import MoodprintError

_LARGEST_BLOCK = 16_000 * 25
_LONGEST_S = 20_000
"""An hour of filled silence and what a file of some kilobytes may hold, at a low rate."""


@dataclass(frozen=True)
class Case:
    """A whole file, another to splice in, and the seed of what is done to them."""

    path: str
    other: str
    seed: int


def cases(paths: Iterable[Path], count: int) -> list[Case]:
    """``count`` cases, the files in turn."""
    whole = sorted(map(str, paths))
    return [
        Case(whole[seed % len(whole)], whole[seed * 7 // len(whole) % len(whole)], seed)
        for seed in range(count)
    ]


def mutated(case: Case) -> bytes:
    """The broken bytes of a case: every other one along its structure, the rest by one to three
    mutations of bytes, one after the other."""
    rng = np.random.default_rng(case.seed)
    if case.seed % 2:
        return mutated_structure(_bytes(case.path), Path(case.path).suffix, rng)
    data = bytearray(_bytes(case.path))
    for _ in range(rng.integers(1, 4)):
        data = _MUTATIONS[rng.integers(len(_MUTATIONS))](data, rng, _bytes(case.other))
    return bytes(data)


def read_mutated(case: Case) -> str:
    """Probe and read the whole file at 16 kHz: what came of it, in words.

    Any exception that is not ours, and a limit overrun, is for the caller to see.
    """
    return _tried(case, lambda path: (probe(path), f"read {_read(path):.1f} s")[1])


def analyze_mutated(case: Case) -> str:
    """The same through the whole analysis, with the model that is shipped."""
    return _tried(case, lambda path: type(_analysis()(path)).__name__)


def _tried(case: Case, look: Callable[[str], str]) -> str:
    with tempfile.NamedTemporaryFile(suffix=Path(case.path).suffix) as file:
        file.write(mutated(case))
        file.flush()
        try:
            return look(file.name)
        except MoodprintError as error:
            message = error
    assert "\n" not in str(message)
    return type(message).__name__


@cache
def _analysis() -> Callable[[str], object]:
    from moodprint.recognition.batch import FileAnalysis

    return FileAnalysis()


def _read(path: str) -> float:
    length = 0
    for block in AudioStream(path, sample_rate_hz=16_000):
        assert block.dtype == np.float32
        assert block.ndim == 1
        assert len(block) <= _LARGEST_BLOCK, len(block)
        assert np.isfinite(block).all()
        length += len(block)
        assert length / 16_000 < _LONGEST_S
    return length / 16_000


@cache
def _bytes(path: str) -> bytes:
    return Path(path).read_bytes()


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Somewhere in the data; every second time in the header, where most harm is done."""
    end = min(len(data), 512) if rng.random() < 0.5 else len(data)
    return int(rng.integers(0, max(1, end)))


def _flip_bits(data: bytearray, rng: np.random.Generator, _: bytes) -> bytearray:
    for _flip in range(rng.integers(1, 40)):
        if data:
            data[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return data


def _overwrite(data: bytearray, rng: np.random.Generator, _: bytes) -> bytearray:
    at, length = _place(data, rng), int(rng.integers(1, 2_000))
    data[at : at + length] = rng.bytes(length)
    return data


def _claim(data: bytearray, rng: np.random.Generator, _: bytes) -> bytearray:
    """A length, rate or count that is extreme."""
    at = _place(data, rng)
    extreme = _EXTREMES[rng.integers(len(_EXTREMES))]
    data[at : at + len(extreme)] = extreme
    return data


def _truncate(data: bytearray, rng: np.random.Generator, _: bytes) -> bytearray:
    return data[: int(rng.integers(0, len(data) + 1))]


def _drop(data: bytearray, rng: np.random.Generator, _: bytes) -> bytearray:
    at = _place(data, rng)
    del data[at : at + int(rng.integers(1, 5_000))]
    return data


def _repeat(data: bytearray, rng: np.random.Generator, _: bytes) -> bytearray:
    at = _place(data, rng)
    piece = data[at : at + int(rng.integers(1, 5_000))]
    return data[:at] + piece * int(rng.integers(2, 6)) + data[at:]


def _splice(data: bytearray, rng: np.random.Generator, other: bytes) -> bytearray:
    return data[: _place(data, rng)] + other[int(rng.integers(0, len(other))) :]


_Mutation = Callable[[bytearray, np.random.Generator, bytes], bytearray]
_MUTATIONS: tuple[_Mutation, ...] = (
    *(_flip_bits, _overwrite, _claim, _claim, _truncate, _drop, _repeat, _splice),
)
_EXTREMES = [
    value
    for size in (1, 2, 4, 8)
    for value in (
        bytes(size),
        b"\xff" * size,
        b"\x7f" + b"\xff" * (size - 1),
        b"\xff" * (size - 1) + b"\x7f",
        b"\x80" + bytes(size - 1),
        bytes(size - 1) + b"\x01",
    )
]
