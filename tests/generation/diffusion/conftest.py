from __future__ import annotations

from pathlib import Path

import pytest
from tiny_generator import TINY_GENERATOR

from moodprint.generation.diffusion.network import MusicNetwork, load_network


@pytest.fixture(scope="session")
def tiny() -> Path:
    return TINY_GENERATOR


@pytest.fixture(scope="session")
def network() -> MusicNetwork:
    return load_network(TINY_GENERATOR, threads=1)
