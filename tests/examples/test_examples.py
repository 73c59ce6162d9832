"""The examples: small, whole, licensed, and what their page says they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moodprint.audio.decode import AudioStream
from moodprint.audio.media import find_media, probe

ROOT = Path(__file__).parents[2]
FILES = find_media(ROOT / "examples")


def test_there_is_a_song_and_a_video() -> None:
    assert [probe(path).has_video for path in FILES] == [True, False]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_is_small_and_says_where_it_is_from(path: Path) -> None:
    assert path.stat().st_size < 2_000_000
    assert path.name in (ROOT / "NOTICE").read_text()
    assert path.name in (ROOT / "examples" / "README.md").read_text()
    assert probe(path).tags["copyright"].startswith("CC BY")


@pytest.mark.parametrize(("name", "seconds"), [("song.mp3", 75), ("film.mp4", 60)])
def test_an_example_is_read_whole(name: str, seconds: float) -> None:
    stream = AudioStream(ROOT / "examples" / name, sample_rate_hz=16_000)
    assert sum(map(len, stream)) / 16_000 == pytest.approx(seconds, abs=0.1)
    assert stream.warnings == []


def test_the_film_has_a_silence_where_its_page_says() -> None:
    stream = AudioStream(ROOT / "examples" / "film.mp4", start_s=32, stop_s=35.5)
    assert np.abs(np.concatenate(list(stream))).max() < 1e-3
