"""Thousands of broken files: each ends in samples or in one of our errors, within time and memory.

They are read in processes of their own, so that a crash in a decoder is seen and counted.
"""

from __future__ import annotations

from collections import Counter

import pytest
from media_files import KINDS
from mutated_media import cases, read_mutated

from moodprint.engine import Limits, run

_LIMITS = Limits(60.0, memory_bytes=850 * 1024**2)
"""Of memory beside what a process holds when it begins: 1 GB in all."""


def check(media, count: int) -> Counter[str]:
    whole = [media(name, 1.0) for name in KINDS]
    ends: Counter[str] = Counter()
    trouble = []
    for outcome in run(read_mutated, cases(whole, count), workers=2, limits=_LIMITS):
        if outcome.error is not None:
            trouble.append(f"{outcome.item}: {outcome.error!r}")
        else:
            ends[outcome.unwrap().split()[0]] += 1
    assert trouble == []
    return ends


def test_a_hundred_broken_files_end_well(media) -> None:
    ends = check(media, 100)
    assert ends.total() == 100
    assert ends["read"] > 20, "some are still read, or the mutations are too coarse"
    assert ends["NotMediaError"] > 5, "and some are not, or they are too fine"


@pytest.mark.long
def test_two_thousand_broken_files_end_well(media) -> None:
    ends = check(media, 2_000)
    assert ends.total() == 2_000
