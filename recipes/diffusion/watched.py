"""The groups (packages, artists, songs, series) that are only watched, never learned from."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def watched_groups(groups: Iterable[str]) -> set[str]:
    """One in sixteen of them, the same ones each time."""
    names = sorted(set(groups))
    return set(np.random.default_rng(5).permutation(names)[: len(names) // 16].tolist())
