"""The columns of a feature combination, as all its trials share them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moodprint.evaluation.validate import IntArray
from moodprint.files import atomic_file


@dataclass(frozen=True)
class TrialTable:
    """A row a sample: ``values`` [N, D], class numbers ``truth`` [N] in 0..K-1, ``groups`` [N].

    ``classes`` is K.
    """

    values: npt.NDArray[np.float32]
    truth: IntArray
    groups: IntArray
    classes: int

    @cached_property
    def digest(self) -> str:
        """A hash of all that it holds."""
        digest = hashlib.blake2b(f"{self.values.shape} {self.classes}".encode(), digest_size=20)
        for column in (self.values, self.truth, self.groups):
            digest.update(np.ascontiguousarray(column).data)
        return digest.hexdigest()


@dataclass(frozen=True)
class StoredTable:
    """A table whose values lie in a file: small to send to another process, where they are mapped
    into memory that all processes share."""

    path: Path
    truth: IntArray
    groups: IntArray
    classes: int
    digest: str

    @classmethod
    def of(cls, table: TrialTable, folder: Path) -> StoredTable:
        """A table as it is stored under ``folder`` once it is written there."""
        path = folder / f"{table.digest}.npy"
        return cls(path, table.truth, table.groups, table.classes, table.digest)

    def write(self, table: TrialTable) -> None:
        """Write the values of the table, unless they are there."""
        if not self.path.is_file():
            with atomic_file(self.path) as file:
                np.save(file, table.values, allow_pickle=False)

    def load(self) -> TrialTable:
        """The table, with values that are read from the file as they are needed."""
        values = np.load(self.path, mmap_mode="r", allow_pickle=False)
        return TrialTable(values, self.truth, self.groups, self.classes)
