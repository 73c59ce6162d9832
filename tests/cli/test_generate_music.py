"""`moodprint generate music` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile
from two_tracks import two_tracks

from moodprint.audio.media import probe
from moodprint.cli.app import main


def _run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["generate", "music", *words])
    return int(ended.value.code or 0)


def test_a_prompt_becomes_music_and_the_same_words_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "a.flac", tmp_path / "b.flac"]
    for file in files:
        words = ["slow sad cello, 60 bpm", "--seconds", "4", "--tries", "2", "--out", str(file)]
        assert _run(*words, "--json") == 0
        made = json.loads(capsys.readouterr().out)
        assert (made["emotion"], made["tempo_bpm"]) == ("sad", 60)
        assert made["instruments"]["melody"] == "cello"
    assert files[0].read_bytes() == files[1].read_bytes()
    info = soundfile.info(files[0])
    assert (info.samplerate, info.channels, info.duration) == (44_100, 2, 4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "a.wav"], "give a prompt or a mood"),
        (["music", "--out", "a.wav"], "no mood is known"),
        (["", "--out", "a.wav"], "holds no word"),
        (["x" * 10_000, "--out", "a.wav"], "10,000 characters"),
        (["sad", "--out", "a.xyz"], "audio format"),
        (["sad", "--seconds", "0", "--out", "a.wav"], "lasts from 1"),
        (["sad", "--seconds", "1e9", "--out", "a.wav"], "lasts from 1"),
        (["sad", "--tries", "0", "--out", "a.wav"], "tries are from 1"),
        (["sad", "--model", "none", "--out", "a.wav"], "none"),
        (["--emotion", "joy", "--out", "a.wav"], "joy"),
        (["sad", "--negative", "drums", "--out", "a.wav"], "--negative goes with --engine"),
        (["sad", "--loop", "--out", "a.wav"], "--loop goes with --engine"),
        (["sad", "--engine", "none", "--out", "a.wav"], "none"),
        (["sad", "--keep-sound", "--out", "a.wav"], "--keep-sound goes with --for"),
        (["sad", "--for", "b.mp4", "--out", "a.wav"], "video format"),
        (["sad", "--for", "b.mp4", "--seconds", "3", "--out", "a.mp4"], "do not go together"),
    ],
)
def test_bad_words_end_in_one_line_and_leave_nothing(
    words: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(*words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_explain_says_what_was_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sad piano, minor, 60 bpm, no drums", "--seconds", "2", "--tries", "1", "--explain"]
    assert _run(*words, "--out", str(tmp_path / "a.wav")) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert lines == [
        "asked: sad",
        "asked: 60 beats a minute",
        "asked: minor",
        "asked: yamaha grand piano",
        "refused: drums",
    ]


def test_music_is_put_under_a_video(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film, out = two_tracks(tmp_path / "film.mkv", picture=True), tmp_path / "scored.mkv"
    assert _run("sad", "--for", str(film), "--keep-sound", "--tries", "1", "--out", str(out)) == 0
    assert "scored.mkv: 2.0 s, sad" in capsys.readouterr().out
    info = probe(out)
    assert info.has_video
    assert (info.channels, info.duration_s) == (2, pytest.approx(2, abs=0.1))


def test_a_video_without_picture_or_sound_is_refused_before_any_music_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = two_tracks(tmp_path / "sound.mkv")
    assert _run("sad", "--for", str(sound), "--out", str(tmp_path / "a.mkv")) == 1
    assert "no picture that moves" in capsys.readouterr().err
    assert not (tmp_path / "a.mkv").exists()
