"""A model knows the files that it learned from by their bytes, whatever they are called."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.samples import Sample
from moodprint.study.learned_files import KEY, file_hashes, learned_samples


def sample_of(path: Path) -> Sample:
    return Sample(path.name, Excerpt(path), "sad", "a", path.name, "mine")


def test_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode() * 100)
    shutil.copy(tmp_path / "a", tmp_path / "copy")
    learned = file_hashes([sample_of(tmp_path / "a")])
    asked = [sample_of(tmp_path / name) for name in ("copy", "b", "none")]
    assert learned_samples({KEY: learned}, asked) == [True, False, False]


def test_segments_of_a_file_are_hashed_once_and_missing_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    one = sample_of(tmp_path / "a")
    other = replace(one, id="a@5", excerpt=Excerpt(tmp_path / "a", 5, 10))
    assert len(file_hashes([one, other, sample_of(tmp_path / "gone")])) == 1


def test_cards_that_do_not_say_know_nothing(tmp_path: Path) -> None:
    one = sample_of(tmp_path / "a")
    for training in ({}, {KEY: []}, {KEY: "no list"}, {KEY: [""]}):
        assert learned_samples(training, [one]) == [False]
