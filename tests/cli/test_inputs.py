"""Which files the words of a command line name."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from moodprint.cli.inputs import named_files
from moodprint.errors import NoMediaFoundError
from moodprint.prediction import Failure


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with some files; empty ones, for nothing looks into them here."""
    for name in ("a.mp3", "b.wav", "note.txt", "in/c.mp4", "in/deep/d.ogg", "in/cover.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def give_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_paths_are_taken_as_they_are(folder: Path) -> None:
    words = ["b.wav", "note.txt", "missing.mp3", "a.mp3", "-", "x" * 5000, "nul\0"]
    words.remove("-")
    assert named_files(words) == words


def test_folders_give_their_media_sorted(folder: Path) -> None:
    assert named_files(["."]) == ["a.mp3", "b.wav", "in/c.mp4", "in/deep/d.ogg"]
    assert named_files(["in", "b.wav"]) == ["in/c.mp4", "in/deep/d.ogg", "b.wav"]


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("*", ["a.mp3", "b.wav", "in/c.mp4", "in/deep/d.ogg"]),
        ("*.mp3", ["a.mp3"]),
        ("**/*.ogg", ["in/deep/d.ogg"]),
        ("i?", ["in/c.mp4", "in/deep/d.ogg"]),
        ("[ab].*", ["a.mp3", "b.wav"]),
    ],
)
def test_patterns_give_media_and_folders(folder: Path, pattern: str, files: list[str]) -> None:
    assert named_files([pattern]) == files


def test_a_pattern_may_be_absolute(folder: Path) -> None:
    assert named_files([f"{folder}/*.wav"]) == [f"{folder}/b.wav"]


def test_a_file_may_be_called_like_a_pattern(folder: Path) -> None:
    Path("[a].mp3").touch()
    assert named_files(["[a].mp3"]) == ["[a].mp3"]


@pytest.mark.parametrize("word", ["empty", "*.flac", "note*"])
def test_what_names_no_media_is_a_failure_and_the_rest_goes_on(folder: Path, word: str) -> None:
    nothing, song = named_files([word, "a.mp3"])
    assert isinstance(nothing, Failure)
    assert nothing.source == word
    assert nothing.error.startswith(f"{word}: ")
    assert song == "a.mp3"


def test_a_file_is_taken_once(folder: Path) -> None:
    assert named_files(["b.wav", ".", "./b.wav", "in/../a.mp3"]) == [
        *("b.wav", "a.mp3", "in/c.mp4", "in/deep/d.ogg"),
    ]


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (b"a.mp3\nb.wav\n", ["a.mp3", "b.wav"]),
        (b"a.mp3\r\n\r\nb.wav", ["a.mp3", "b.wav"]),
        (b"a.mp3\0line\nbreak.mp3\0", ["a.mp3", "line\nbreak.mp3"]),
        (b"in\n", ["in/c.mp4", "in/deep/d.ogg"]),
        (b"\xff.mp3\n-\n", [os.fsdecode(b"\xff.mp3"), "-"]),
    ],
)
def test_a_list_may_come_on_stdin(
    folder: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, files: list[str]
) -> None:
    give_stdin(monkeypatch, data)
    assert named_files(["-"]) == files


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_on_stdin_may_begin_with_a_byte_order_mark(
    folder: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    give_stdin(monkeypatch, "a.mp3\r\nb.wav\r\n".encode(encoding))
    assert named_files(["-"]) == ["a.mp3", "b.wav"]


def test_names_on_stdin_without_a_mark_are_bytes_in_any_encoding(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stdin(monkeypatch, "Björk.mp3\n".encode("latin-1"))
    assert named_files(["-"]) == [os.fsdecode("Björk.mp3".encode("latin-1"))]


def test_stdin_stands_where_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, b"b.wav\n")
    assert named_files(["in", "-", "a.mp3"]) == ["in/c.mp4", "in/deep/d.ogg", "b.wav", "a.mp3"]


def test_an_empty_list_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, b"\n")
    with pytest.raises(NoMediaFoundError, match="standard input is empty"):
        named_files(["-"])
