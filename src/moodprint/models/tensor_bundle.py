"""TensorFlow checkpoints (the "V2" tensor bundle) read as numpy arrays, without TensorFlow.

A checkpoint PREFIX is a file PREFIX.index, a table of names, shapes and places, and the shards
PREFIX.data-00000-of-0000N that hold the numbers.
Source: tensorflow/core/util/tensor_bundle and tensorflow/core/protobuf/tensor_bundle.proto.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from moodprint.errors import BundleError, MissingFileError
from moodprint.models import sorted_table
from moodprint.models.crc32c import crc32c, unmasked
from moodprint.models.protobuf_wire import fields, signed

Tensor = npt.NDArray[Any]
ByteOrder = Literal["<", ">"]

_HEADER_KEY = b""
_BFLOAT16 = 14
_DTYPES = {
    **{1: "f4", 2: "f8", 3: "i4", 4: "u1", 5: "i2", 6: "i1", 8: "c8", 9: "i8", 10: "?"},
    **{_BFLOAT16: "u2", 17: "u2", 18: "c16", 19: "f2", 22: "u4", 23: "u8"},
}
_STATE_PATH = re.compile(r'^\s*model_checkpoint_path:\s*"(.*)"\s*$', re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One tensor of a checkpoint: what it is and where it lies. ``checksum`` is None if unset."""

    dtype: int
    shape: tuple[int, ...]
    shard: int
    offset: int
    size: int
    checksum: int | None
    sliced: bool


class Checkpoint(Mapping[str, Tensor]):
    """The tensors of a checkpoint by name, each read and checked when asked for.

    ``entries`` tells names and shapes without reading any. bfloat16 comes out as float32.
    Asking for a tensor raises BundleError where a shard is missing, cut off or altered, or where
    the tensor is of a kind that is not read (strings, resources, partitioned variables).
    """

    def __init__(
        self, prefix: Path, entries: dict[str, Entry], shards: int, order: ByteOrder
    ) -> None:
        self.prefix = prefix
        self.entries: Mapping[str, Entry] = entries
        self._shards = shards
        self._order = order

    def __getitem__(self, name: str) -> Tensor:
        entry = self.entries[name]
        try:
            raw = self._bytes(entry)
            return _decoded(raw, entry, self._order)
        except BundleError as error:
            raise BundleError(f"{self.prefix}: tensor {name!r}: {error}") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def _bytes(self, entry: Entry) -> bytes:
        if entry.dtype not in _DTYPES or entry.sliced:
            kind = "a partitioned variable" if entry.sliced else f"of data type {entry.dtype}"
            raise BundleError(f"it is {kind}, which is not read")
        expected = math.prod(entry.shape) * np.dtype(_DTYPES[entry.dtype]).itemsize
        if entry.size != expected:
            raise BundleError(f"it takes {entry.size} bytes; its shape needs {expected}")
        shard = _beside(self.prefix, f".data-{entry.shard:05d}-of-{self._shards:05d}")
        if not shard.is_file():
            raise BundleError(f"its shard {shard.name} is missing")
        if entry.offset + entry.size > shard.stat().st_size:
            raise BundleError(f"its shard {shard.name} is cut off")
        with shard.open("rb") as file:
            file.seek(entry.offset)
            raw = file.read(entry.size)
        if entry.checksum is not None and crc32c(raw) != unmasked(entry.checksum):
            raise BundleError("its bytes fail their checksum")
        return raw


def read_checkpoint(prefix: str | Path) -> Checkpoint:
    """Open the checkpoint PREFIX.index; where ``prefix`` is a folder, the files in it that have
    no name before the dot (as MusiCNN's do).

    Raises:
        MissingFileError: there is no such index.
        BundleError: the index is broken, or of a version that is not read.
    """
    prefix = Path(prefix)
    index = _beside(prefix, ".index")
    if not index.is_file():
        raise MissingFileError(f"{index}: no such file (a TensorFlow checkpoint has an .index)")
    try:
        table = dict(sorted_table.entries(index.read_bytes()))
        if _HEADER_KEY not in table:
            raise BundleError("its table has no header")
        shards, order = _header(table.pop(_HEADER_KEY))
        entries = {key.decode(): _entry(value) for key, value in table.items()}
    except (BundleError, UnicodeDecodeError) as error:
        raise BundleError(f"{index}: {error}") from error
    return Checkpoint(prefix, entries, shards, order)


def latest_checkpoint(folder: str | Path) -> Path:
    """The prefix that the text file ``checkpoint`` of a folder names as the newest.

    A path of another machine counts by its last part, looked for in ``folder``.

    Raises:
        MissingFileError: there is no file ``checkpoint``, or what it names is not there.
        BundleError: it names nothing.
    """
    folder = Path(folder)
    state = folder / "checkpoint"
    if not state.is_file():
        raise MissingFileError(f"{state}: no such file")
    found = _STATE_PATH.search(state.read_text(errors="replace"))
    if found is None:
        raise BundleError(f"{state}: names no model_checkpoint_path")
    named = found[1]
    unnamed = named.endswith("/")
    prefix = folder if unnamed else folder / Path(named).name
    if not _beside(prefix, ".index").is_file():
        raise MissingFileError(f"{state}: names {named!r}, which is not in {folder}")
    return prefix


def _beside(prefix: Path, suffix: str) -> Path:
    return prefix / suffix if prefix.is_dir() else prefix.with_name(prefix.name + suffix)


def _header(message: bytes) -> tuple[int, ByteOrder]:
    """How many shards, and the byte order in numpy's letter, from a BundleHeaderProto."""
    values = dict(fields(message))
    shards, endianness = values.get(1, 0), values.get(2, 0)
    if not isinstance(shards, int) or shards < 1 or endianness not in (0, 1):
        raise BundleError(f"its header tells of {shards!r} shards, byte order {endianness!r}")
    return shards, ">" if endianness else "<"


def _entry(message: bytes) -> Entry:
    """A BundleEntryProto; fields that it leaves out are zero, as protocol buffers have it."""
    values = dict(fields(message))
    numbers = {number: value for number, value in values.items() if isinstance(value, int)}
    shape = values.get(2, b"")
    if not isinstance(shape, bytes):
        raise BundleError("an entry is not as the format has it")
    return Entry(
        dtype=numbers.get(1, 0),
        shape=_shape(shape),
        shard=numbers.get(3, 0),
        offset=numbers.get(4, 0),
        size=numbers.get(5, 0),
        checksum=numbers.get(6),
        sliced=7 in values,
    )


def _shape(message: bytes) -> tuple[int, ...]:
    sizes = [_size(dim) for number, dim in fields(message) if number == 2]
    if min(sizes, default=0) < 0:
        raise BundleError(f"a tensor has the shape {sizes}")
    return tuple(sizes)


def _size(dim: int | bytes) -> int:
    if not isinstance(dim, bytes):
        raise BundleError("a shape is not as the format has it")
    size = dict(fields(dim)).get(1, 0)
    return signed(size) if isinstance(size, int) else -1


def _decoded(raw: bytes, entry: Entry, order: ByteOrder) -> Tensor:
    """The array behind the bytes, in this machine's byte order, writable."""
    stored = np.frombuffer(raw, np.dtype(_DTYPES[entry.dtype]).newbyteorder(order))
    native: Tensor = stored.astype(stored.dtype.newbyteorder("="))
    if entry.dtype == _BFLOAT16:
        native = (native.astype(np.uint32) << 16).view(np.float32)
    return native.reshape(entry.shape)
