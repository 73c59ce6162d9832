"""The guard of every comparison: no music may stand on both sides of a split."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from moodprint.errors import LeakError, OptionError
from moodprint.evaluation.splits import Fold

_MOST_NAMED = 3


@dataclass(frozen=True)
class Lineage:
    """Where each row [N] of a data set comes from; '' or None says that there is no such thing.

    ``ids``: its own name. ``groups``: song, artist or actor. ``duplicates``: the set of equal
    recordings it belongs to. ``origins``: the id of the row that it is an augmented or synthetic
    copy of. ``synthetic``: True for sound that was augmented or generated, with or without an
    origin.

    Raises:
        OptionError: columns of different lengths, or an id that is not unique.
    """

    ids: Sequence[str]
    groups: Sequence[Hashable]
    duplicates: Sequence[Hashable] = ()
    origins: Sequence[str | None] = ()
    synthetic: Sequence[bool] = ()

    def __post_init__(self) -> None:
        rows = len(self.ids)
        for name in ("groups", "duplicates", "origins", "synthetic"):
            column = getattr(self, name)
            if len(column) not in {0, rows} or (name == "groups" and len(column) != rows):
                raise OptionError(f"{rows} ids came with {len(column)} {name}")
        if len(set(self.ids)) != rows:
            raise OptionError("ids must be unique, some occur twice")

    def roots(self) -> list[str]:
        """For each row the id of the recording that it was made from; its own where it is one."""
        parent = dict(zip(self.ids, self.origins, strict=True)) if self.origins else {}
        return [_root(name, parent) for name in self.ids]


def refuse_leaks(fold: Fold, lineage: Lineage) -> None:
    """Return only if learning on ``fold.train`` tells nothing of ``fold.test`` but the task.

    Raises:
        LeakError: a row, a group, a duplicate set, or the original of a copy stands on both
            sides; or an augmented or generated row is to be tested on.
    """
    train, test = fold.train.tolist(), fold.test.tolist()
    _refuse_synthetic(test, lineage)
    _refuse_shared("row", lineage.ids, train, test)
    _refuse_shared("group", lineage.groups, train, test)
    _refuse_shared("duplicate set", lineage.duplicates, train, test)
    _refuse_shared("original of copies", lineage.roots(), train, test)


def _root(name: str, parent: dict[str, str | None]) -> str:
    seen = {name}
    while (above := parent.get(name)) and above not in seen:
        seen.add(above)
        name = above
    return name


def _refuse_synthetic(test: list[int], lineage: Lineage) -> None:
    synthetic = [
        lineage.ids[row]
        for row in test
        if (lineage.synthetic and lineage.synthetic[row])
        or (lineage.origins and lineage.origins[row])
    ]
    if synthetic:
        raise LeakError(
            f"{len(synthetic)} augmented or generated clips are to be tested on "
            f"({_some(synthetic)}): "
            "they may only be learned from"
        )


def _refuse_shared(
    what: str, column: Sequence[Hashable], train: list[int], test: list[int]
) -> None:
    if not column:
        return
    shared = {column[row] for row in train} & {column[row] for row in test} - {None, ""}
    if shared:
        names = sorted(str(value) for value in shared)
        raise LeakError(
            f"the same {what} is learned from and tested on, {len(names)} times "
            f"({_some(names)}): split by group, after duplicates were joined"
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
