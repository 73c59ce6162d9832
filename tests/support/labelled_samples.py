"""Fixtures that the tests of dataset/ and study/ share."""

from pathlib import Path

import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.samples import Sample


@pytest.fixture
def sample():
    """Makes samples by short words: sample("a", label="sad", group="g")."""

    def make(name, label="sad", group="", corpus="one", **more):
        return Sample(
            name,
            Excerpt(Path(f"/{name}.wav")),
            label,
            group,
            more.pop("song", name),
            corpus,
            **more,
        )

    return make


@pytest.fixture
def artists(sample):
    """Twelve artists of three songs in two moods, in one corpus."""
    return [
        sample(f"{artist}-{n}", "sad" if artist % 2 else "calm", f"artist {artist}")
        for artist in range(12)
        for n in range(3)
    ]
