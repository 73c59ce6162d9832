"""Which things belong together, once pairs of them, or values that they share, are known."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from typing import TypeVar

import numpy as np

from moodprint.evaluation.validate import IntArray

Thing = TypeVar("Thing", bound=Hashable)


def unions(things: Iterable[Thing], pairs: Iterable[tuple[Thing, Thing]]) -> dict[Thing, Thing]:
    """For each thing the first of ``things`` that pairs join it to, directly or through others.

    The order of the pairs does not matter. A thing that is in no pair stands for itself.

    Raises:
        KeyError: a pair names what is not among the things.
    """
    known = list(things)
    place = {thing: number for number, thing in enumerate(known)}
    parent = list(range(len(known)))
    for one, other in pairs:
        first, second = sorted((_root(parent, place[one]), _root(parent, place[other])))
        parent[second] = first
    return {thing: known[_root(parent, place[thing])] for thing in known}


def joined_groups(*columns: Sequence[Hashable]) -> IntArray:
    """Group numbers [N] that keep together all rows that share a value in any column.

    So songs by one artist, and a duplicate of one of them under another name, become one group.
    None and '' say that a row has no value in that column.
    """
    pairs = chain.from_iterable(_sharing(column) for column in columns)
    roots = unions(range(len(columns[0])), pairs)
    return np.unique(list(roots.values()), return_inverse=True)[1]


def _sharing(column: Sequence[Hashable]) -> Iterable[tuple[int, int]]:
    """Each row with the first that has the same value."""
    first: dict[Hashable, int] = {}
    for row, value in enumerate(column):
        if value not in (None, ""):
            yield first.setdefault(value, row), row


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]  # so that the way is shorter next time
        number = parent[number]
    return number
