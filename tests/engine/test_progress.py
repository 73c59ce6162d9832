"""A Progress is a plain function of a stage and two counts."""

from __future__ import annotations

import inspect

from moodprint.engine import Progress, no_progress, progress_within, tell
from moodprint.engine.within import at_work_on


def test_nobody_watching_is_a_progress_too() -> None:
    silent: Progress = no_progress
    assert silent("find songs", 1, 2) is None


def test_the_counts_are_named_for_whoever_reads_the_signature() -> None:
    assert list(inspect.signature(no_progress).parameters) == ["stage", "done", "total"]


def test_items_at_work_count_by_their_parts():
    told: list = []
    with progress_within(lambda *words: told.append(words), "listen", 3) as items:
        items.hear("a", 30.0, 60.0)
        items.hear("b", 15.0, 60.0)
        items.finish("a")
        items.hear("b", 60.0, 60.0)
        items.finish("b")
    assert told == [
        ("listen", 0.5, 3),
        ("listen", 0.75, 3),
        ("listen", 1, 3),
        ("listen", 2.0, 3),
        ("listen", 2, 3),
    ]


def test_of_a_single_item_the_steps_are_its_own():
    told: list = []
    words = ("listen", 1)
    with progress_within(lambda *w: told.append(w), *words) as items:
        with at_work_on("film"):
            tell(12.5, 60.9)
        items.finish("film")
    assert told == [("listen, by the second", 12, 60), ("listen", 1, 1)]


def test_where_whole_items_are_counted_parts_are_not_told():
    told: list = []
    with progress_within(lambda *w: told.append(w), "index", 2, in_parts=False) as items:
        items.hear("a", 30.0, 60.0)
        items.finish("a")
    assert told == [("index", 1, 2)]
