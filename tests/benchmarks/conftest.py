"""The benchmarks are scripts, not a package: they find each other beside themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _beside_each_other(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    yield
    for name in (
        "analyze",
        "changes",
        "cues",
        "matching",
        "matching_distractors",
        "material",
        "measure",
        "mood_agreement",
        "programs",
        "reliability",
        "robustness",
        "tags",
        "voice_over",
    ):
        sys.modules.pop(name, None)
