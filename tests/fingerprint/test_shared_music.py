"""Files that share music form groups, with the evidence for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st

from moodprint.clip import FloatArray
from moodprint.fingerprint import MatchIndex, SharedMusic, duplicate_groups, groups_of, shared_music

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, make_song: Callable[..., FloatArray]) -> Path:
    """Songs a, b, c; a played 3 % faster; 8 s of a within other music; a byte copy of b; noise."""
    folder = tmp_path_factory.mktemp("planted")
    songs = {name: make_song(seed, 30) for seed, name in enumerate("abc", start=20)}
    songs["a_fast"] = soxr.resample(songs["a"], RATE_HZ * 1.03, RATE_HZ)
    songs["a_within"] = np.concatenate([make_song(30, 10), songs["a"][: 8 * RATE_HZ]])
    for name, samples in songs.items():
        soundfile.write(folder / f"{name}.wav", samples, RATE_HZ)
    shutil.copy(folder / "b.wav", folder / "b_copy.wav")
    (folder / "broken.wav").write_bytes(b"RIFF")
    return folder


@pytest.fixture(scope="module")
def shared(folder: Path) -> tuple[SharedMusic, ...]:
    return shared_music(sorted(folder.iterdir()), workers=2)


def test_pairs_name_what_is_shared_and_where(shared: tuple[SharedMusic, ...], folder: Path) -> None:
    pairs = {tuple(sorted((Path(p.first).stem, Path(p.second).stem))): p for p in shared}
    assert set(pairs) == {
        ("a", "a_fast"),
        ("a", "a_within"),
        ("a_fast", "a_within"),
        ("b", "b_copy"),
    }
    within = pairs["a", "a_within"]
    offsets = {Path(within.first).stem: within.first_offset_s}
    offsets[Path(within.second).stem] = within.second_offset_s
    assert offsets["a_within"] - offsets["a"] == pytest.approx(10, abs=0.2)
    assert within.duration_s == pytest.approx(8, abs=1)
    fast = pairs["a", "a_fast"]
    ratio = fast.speed if Path(fast.first).stem == "a_fast" else 1 / fast.speed
    assert ratio == pytest.approx(1.03, abs=0.003)
    assert pairs["b", "b_copy"].duration_s == pytest.approx(30, abs=2)


def test_groups_are_the_unions_of_pairs(folder: Path) -> None:
    groups = duplicate_groups(sorted(folder.iterdir()), workers=1)
    names = [tuple(Path(file).stem for file in group.files) for group in groups]
    assert names == [("a", "a_fast", "a_within"), ("b", "b_copy")]
    assert [len(group.evidence) for group in groups] == [3, 1]


def test_an_index_is_compared_without_its_files(
    folder: Path, shared: tuple[SharedMusic, ...], tmp_path: Path
) -> None:
    copies = shutil.copytree(folder, tmp_path / "copies")
    index = MatchIndex.create(tmp_path / "index")
    paths = [path for path in sorted(copies.iterdir()) if path.stem != "b_copy"]
    index.add(paths, workers=1, names=[str(folder / path.name) for path in paths])
    shutil.rmtree(copies)
    found = {frozenset((pair.first, pair.second)) for pair in shared_music(index, workers=1)}
    b_pair = frozenset((str(folder / "b.wav"), str(folder / "b_copy.wav")))
    assert found == {frozenset((pair.first, pair.second)) for pair in shared} - {b_pair}


def test_short_stretches_can_be_left_out(folder: Path) -> None:
    pairs = shared_music(sorted(folder.iterdir()), shortest_s=15, workers=1)
    assert not any("a_within" in pair.first + pair.second for pair in pairs)


def test_nothing_gives_nothing() -> None:
    assert shared_music([]) == ()
    assert groups_of([]) == ()


def pair(first: int, second: int) -> SharedMusic:
    return SharedMusic(str(first), str(second), 0, 0, 9, 1, 0, 50)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda p: p[0] != p[1])))
def test_groups_do_not_overlap_and_hold_every_pair(edges: list[tuple[int, int]]) -> None:
    groups = groups_of([pair(*edge) for edge in edges])
    files = [file for group in groups for file in group.files]
    assert len(files) == len(set(files))
    assert set(files) == {str(end) for edge in edges for end in edge}
    for group in groups:
        assert all({e.first, e.second} <= set(group.files) for e in group.evidence)
    assert sum(len(group.evidence) for group in groups) == len(edges)
