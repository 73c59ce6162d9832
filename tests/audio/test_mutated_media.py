"""Thousands of broken files: each ends in samples or in one of our errors, within time and memory.

They are read in processes of their own, so that a crash in a decoder is seen and counted.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import soundfile
from media_files import KINDS, tones
from mutated_media import cases, read_mutated

from moodprint.engine import Limits, run

_LIMITS = Limits(60.0, memory_bytes=850 * 1024**2)
"""Of memory beside what a process holds when it begins: 1 GB in all."""


@pytest.fixture
def whole(media, tmp_path: Path) -> list[Path]:
    """A file of each kind, and some that only libsndfile writes."""
    paths = [media(name, 1.0) for name in KINDS]
    for form in ("caf", "w64", "rf64", "au"):
        paths.append(tmp_path / f"by-soundfile.{form.replace('rf64', 'wav')}")
        soundfile.write(paths[-1], tones(1.0, 22_050, 2).T, 22_050, format=form.upper())
    return paths


def check(whole: list[Path], count: int) -> Counter[str]:
    ends: Counter[str] = Counter()
    trouble = []
    for outcome in run(read_mutated, cases(whole, count), workers=2, limits=_LIMITS):
        if outcome.error is not None:
            trouble.append(f"{outcome.item}: {outcome.error!r}")
        else:
            ends[outcome.unwrap().split()[0]] += 1
    assert trouble == []
    return ends


def test_a_hundred_broken_files_end_well(whole) -> None:
    ends = check(whole, 100)
    assert ends.total() == 100
    assert ends["read"] > 20, "some are still read, or the mutations are too coarse"
    assert ends["NotMediaError"] > 5, "and some are not, or they are too fine"


@pytest.mark.long
def test_two_thousand_broken_files_end_well(whole) -> None:
    ends = check(whole, 2_000)
    assert ends.total() == 2_000
