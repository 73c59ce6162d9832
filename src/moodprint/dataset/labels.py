"""Labels as people type them: ``Happy``, ``happy `` and ``HAPPY`` are one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

_MOST_NAMED = 5


def label_key(label: str) -> str:
    """What labels are compared by: case, spaces around and between words, and the way in which
    letters are composed make no difference."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def known_labels(labels: Iterable[str]) -> dict[str, str]:
    """The labels by their keys."""
    return {label_key(label): label for label in labels}


def left_out_text(left_out: Mapping[str, int], labels: Iterable[str]) -> str:
    """How many samples were left out for their labels, in one line; '' for none.

    The most frequent labels are named, '' as samples without a label.
    """
    if not left_out:
        return ""
    total, ranked = sum(left_out.values()), sorted(left_out.items(), key=lambda each: -each[1])
    named = [
        f"{count} labelled {label!r}" if label else f"{count} without a label"
        for label, count in ranked[:_MOST_NAMED]
    ]
    more = sum(count for _, count in ranked[_MOST_NAMED:])
    counts = ", ".join([*named, *([f"{more} with other labels"] if more else [])])
    what = "sample was" if total == 1 else "samples were"
    return f"{total} {what} left out: {counts}; the labels taken are {', '.join(labels)}"
