from __future__ import annotations

from pathlib import Path

import pytest

from moodprint.generation.diffusion.network import MusicNetwork, load_network

TINY = Path(__file__).with_name("tiny_generator")
"""A bundle of networks of few, random weights, in the form that recipes/diffusion/export writes."""


@pytest.fixture(scope="session")
def tiny() -> Path:
    return TINY


@pytest.fixture(scope="session")
def network() -> MusicNetwork:
    return load_network(TINY, threads=1)
