"""The modules of recipes/ear, where torch is: the recipe needs it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def load():
    """Imports a module of the recipe by name; skips where torch is not installed."""
    if find_spec("torch") is None:
        pytest.skip("the recipe needs torch, which is not installed")
    return lambda name: import_module(f"recipes.ear.{name}")


def _module(name: str):
    @pytest.fixture(scope="module", name=name)
    def loaded(load):
        return load(name)

    return loaded


augment, crops, examples, export, heads, recordings, scores = map(
    _module, ("augment", "crops", "examples", "export", "heads", "recordings", "scores")
)


@pytest.fixture
def example(crops, examples, load):
    """Makes an example of a corpus: its level in dB, what YAMNet says of music and speech."""
    prepare, sources = load("prepare"), load("sources")

    def make(corpus, presence, level_db, rows=40, tagged=False):
        mel = np.full((rows * crops.FRAMES_PER_ROW, crops.BANDS), level_db, np.float32)
        yamnet = np.full((rows, 521), -12.0, np.float32)
        yamnet[:, 132 if presence == "music" else 0] = 3.0
        widths = {"embedding": 8, "tags": 50, "tags_embedding": 200, "opinions": 81}
        said = {name: np.ones((rows, width), np.float16) for name, width in widths.items()}
        asked = np.full((rows, 1), float(tagged), np.float16)
        return examples.Example(
            sources.Item(Path("x.ogg"), corpus, corpus, presence=presence),
            prepare.to_bytes(mel),
            np.ones((rows, 12), np.float32),
            examples.Targets(yamnet, **said, asked=asked),
        )

    return make
