"""Real songs: found under what platforms do to them, and never mistaken for each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr

from moodprint.audio.decode import decode
from moodprint.audio.media import find_media
from moodprint.clip import Clip, FloatArray
from moodprint.fingerprint import MatchIndex

DATA = Path(__file__).parents[3] / "shared" / "data"
RATE_HZ = 16_000
KNOWN, UNKNOWN = 30, 15

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not DATA.is_dir(), reason="the labelled data folder is not there"),
]


def sound(path: Path) -> FloatArray:
    return decode(path, sample_rate_hz=RATE_HZ, mono=True).mono


@pytest.fixture(scope="module")
def songs() -> list[Path]:
    return find_media(DATA / "4q")[:: 721 // (KNOWN + UNKNOWN)][: KNOWN + UNKNOWN]


@pytest.fixture(scope="module")
def index(songs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> MatchIndex:
    index = MatchIndex.create(tmp_path_factory.mktemp("real") / "index")
    assert len(index.add(songs[:KNOWN]).added) == KNOWN
    return index


def faster(samples: FloatArray) -> FloatArray:
    return soxr.resample(samples, RATE_HZ * 1.08, RATE_HZ).astype(np.float32)


def spoken_over(samples: FloatArray) -> FloatArray:
    clips = [path for path in find_media(DATA / "not_music") if path.name.startswith("speech")]
    voice = np.resize(np.concatenate([sound(path) for path in clips[:6]]), len(samples))
    return (samples / samples.std() + voice / voice.std()).astype(np.float32) * np.float32(0.1)


@pytest.mark.parametrize("change", [faster, spoken_over])
def test_real_songs_are_found_and_others_are_not(
    index: MatchIndex, songs: list[Path], change
) -> None:
    found = 0
    for number, song in enumerate(songs):
        excerpt = sound(song)[5 * RATE_HZ : 22 * RATE_HZ]
        matches = index.query(Clip(change(excerpt)[: 15 * RATE_HZ], RATE_HZ))
        assert all(match.track == str(song) for match in matches)
        found += bool(matches) and number < KNOWN
    assert found >= 0.9 * KNOWN
