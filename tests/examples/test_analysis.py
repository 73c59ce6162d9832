"""The shipped model on the shipped examples, as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from moodprint.bundle import shipped_bundles

ROOT = Path(__file__).parents[2]
RUN = "from moodprint.cli.app import main; main()"

pytestmark = pytest.mark.skipif(not shipped_bundles(), reason="no model is shipped")


def analyze(*words: str) -> bytes:
    command = [sys.executable, "-c", RUN, "analyze", "examples", "--format", "json", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout


@pytest.fixture(scope="module")
def answer() -> bytes:
    return analyze("--workers", "1")


def test_two_runs_are_equal_to_the_byte(answer: bytes) -> None:
    assert analyze("--workers", "1") == answer
    assert analyze("--workers", "2") == answer


def test_the_film_is_heard_as_its_page_tells_it(answer: bytes) -> None:
    film, song = json.loads(answer)
    assert (film["source"], song["source"]) == ("examples/film.mp4", "examples/song.mp3")
    segments = {segment["start_s"]: segment for segment in film["segments"]}
    assert [segments[at_s]["presence"] for at_s in (5.0, 22.5, 32.5, 45.0)] == [
        *("music", "speech", "silence", "music"),
    ]
    assert segments[22.5]["emotion"] is None
    assert segments[32.5]["emotion"] is None
    assert segments[45.0]["arousal"] > segments[5.0]["arousal"]


def test_probabilities_sum_to_one(answer: bytes) -> None:
    for result in json.loads(answer):
        for part in [result, *result["segments"]]:
            assert sum(part["probabilities"].values()) == pytest.approx(1.0, abs=1e-9)
