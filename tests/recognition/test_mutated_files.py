"""Broken files through the whole analysis: an answer, or one of our errors."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from media_files import KINDS, tones, write_media
from mutated_media import analyze_mutated, cases

from moodprint.bundle import shipped_bundles
from moodprint.engine import Limits, run

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shipped_bundles(), reason="no model is shipped"),
]


def test_five_hundred_broken_files_end_well(tmp_path: Path) -> None:
    whole = [
        write_media(tmp_path / f"{name}{kind.suffix}", kind, tones(2, kind.rate_hz, kind.channels))
        for name, kind in KINDS.items()
    ]
    ends: Counter[str] = Counter()
    for outcome in run(analyze_mutated, cases(whole, 500), workers=2, limits=Limits(120)):
        ends[outcome.unwrap()] += 1
    assert ends["Timeline"] > 100
    assert ends.total() == 500
