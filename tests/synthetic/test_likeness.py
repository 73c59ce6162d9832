"""Made music beside real music: what is alike lies near, what is not far, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from service_calls import write_song

from moodprint.cli.app import main
from moodprint.errors import NoMediaFoundError
from moodprint.synthetic.likeness import NETWORKS, embed, likeness


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``real`` and ``made`` are songs of one kind; ``noises`` are none."""
    folder = tmp_path_factory.mktemp("music")
    for name, count, first in (("real", 16, 0), ("made", 8, 100)):
        (folder / name).mkdir()
        for number in range(count):
            write_song(folder / name / f"{number}.wav", seed=first + number, seconds=4)
    (folder / "noises").mkdir()
    rng = np.random.default_rng(1)
    for number in range(8):
        soundfile.write(folder / "noises" / f"{number}.wav", rng.normal(0, 0.1, 64_000), 16_000)
    return folder


def test_songs_of_one_kind_lie_near_and_noise_far(folders: Path) -> None:
    near = likeness(folders / "made", folders / "real", seconds=3, workers=1)
    far = likeness(folders / "noises", folders / "real", seconds=3, workers=1)
    assert near.left_out == {}
    assert set(near.scores) == set(NETWORKS)
    for network in NETWORKS:
        here, there = near.scores[network], far.scores[network]
        assert set(here) == {"made", "real", "shuffled", "noise"}
        assert here["made"].kernel.high < there["made"].kernel.low
        assert here["made"].frechet < there["made"].frechet
        assert here["noise"].kernel.value == pytest.approx(there["made"].kernel.value, rel=0.5)
        assert here["real"].kernel.low <= here["real"].kernel.value <= here["real"].kernel.high
        assert here["noise"].diversity < here["made"].diversity
        assert all(one.files == 8 for one in here.values())


def test_the_same_seed_finds_the_same(folders: Path) -> None:
    found = [
        likeness(folders / "made", folders / "real", seconds=2, seed=seed, workers=1)
        for seed in (1, 1, 2)
    ]
    assert found[0] == found[1] != found[2]


def test_shuffling_changes_what_the_networks_see_and_keeps_all_samples() -> None:
    rng = np.random.default_rng(1)
    sound = np.sin(np.cumsum(np.linspace(0.01, 1, 48_000))).astype(np.float32)
    found = embed(sound, rng)
    for name in NETWORKS:
        assert not np.allclose(found.plain[name], found.shuffled[name])


def test_files_that_cannot_be_used_are_named_and_the_others_count(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (folders / "made").iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "broken.mp3").write_text("no sound")
    words = ["evaluate", "generated", str(tmp_path), "--real", str(folders / "real"), "--json"]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--seconds", "2", "--workers", "1"])
    assert not ended.value.code
    said = capsys.readouterr()
    assert "broken.mp3" in said.err
    found = json.loads(said.out)
    assert found["scores"]["ear"]["made"]["files"] == 8
    assert list(found["left_out"]) == [str(tmp_path / "broken.mp3")]


def test_too_few_sounds_are_refused(folders: Path, tmp_path: Path) -> None:
    with pytest.raises(NoMediaFoundError, match="8 or more"):
        likeness(tmp_path, folders / "real")
    with pytest.raises(NoMediaFoundError, match="16 or more"):
        likeness(folders / "real", folders / "made")
