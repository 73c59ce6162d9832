"""Names of files in too little room: shortened where they do not differ."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_HEADS = (1 / 3, 1 / 6, 1 / 2, 2 / 3, 0.0, 5 / 6)
"""Shares of the room for the beginning, in the order in which they are tried: a name's end mostly
tells more."""

_CUT = "…"


def shortened(names: Sequence[str], room: int) -> list[str]:
    """Names that fill at most ``room`` columns, each too long one cut in its middle.

    Where to cut is chosen so that as few as can be become alike that are not.
    """
    if all(cell_len(name) <= room for name in names):
        return list(names)
    tries = [[_cut(name, room, head) for name in names] for head in _HEADS]
    return max(tries, key=lambda cut: len(set(cut)))


def _cut(name: str, room: int, head: float) -> str:
    """The beginning and the end of a name, ``head`` being the beginning's share of the room."""
    if cell_len(name) <= room:
        return name
    first = set_cell_size(name, int(head * max(0, room - 1))).rstrip()
    last = name[len(first) :]
    while last and cell_len(first) + 1 + cell_len(last) > room:
        last = last[1:]
    return first + _CUT + last
