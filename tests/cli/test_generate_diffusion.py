"""`moodprint generate music --engine diffusion` and `generate blend` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile
from tiny_generator import TINY_GENERATOR

from moodprint.cli.app import main


def _run(command: str, *words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["generate", command, *map(str, words)])
    return int(ended.value.code or 0)


DRAWN = ("--engine", "diffusion")
QUICK = ("--model", TINY_GENERATOR, "--seconds", 2, "--steps", 2)


def test_a_prompt_becomes_a_file_and_the_same_words_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {}
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        out = tmp_path / f"{name}.flac"
        assert _run("music", *DRAWN, "happy music", *QUICK, "--seed", seed, "--out", out) == 0
        files[name] = out.read_bytes()
    assert files["a"] == files["b"] != files["c"]
    info = soundfile.info(tmp_path / "a.flac")
    assert (info.samplerate, info.channels, info.duration) == (32_000, 1, 2)
    assert "a.flac: 2.0 s" in capsys.readouterr().out


def test_explain_says_what_was_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["fast zorblax, not dark", "--negative", "jazz", "--explain"]
    assert _run("music", *DRAWN, *words, *QUICK, "--out", tmp_path / "a.wav") == 0
    said = capsys.readouterr()
    assert "asked: tempo, as in the music that has more of it than 95%" in said.out
    assert "refused: jazz" in said.out
    assert "refused: brightness" in said.out
    assert "zorblax: says nothing" in said.out


def test_of_several_tries_the_best_is_kept_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["happy jazz", "--tries", 2, "--json", "--explain", "--out", tmp_path / "a.wav"]
    assert _run("music", *DRAWN, *QUICK, *words) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["emotion"] == "happy"
    assert made["try"] in (1, 2)
    assert made["duration_s"] == 2
    assert made["asked"]["jazz"] > 0.9
    assert "asked: jazz, as in the music that has more of it than 97%" in made["understood"]


def test_a_mood_alone_and_a_file_alone_will_do(tmp_path: Path) -> None:
    first, second = tmp_path / "a.wav", tmp_path / "b.wav"
    assert _run("music", *DRAWN, *QUICK, "--emotion", "sad", "--out", first) == 0
    assert _run("music", *DRAWN, *QUICK, "--init", first, "--out", second) == 0
    assert soundfile.info(second).duration == 2


@pytest.mark.parametrize("seed", [[], ["--last-seed", 3]])
def test_a_blend_leads_from_words_or_a_file(tmp_path: Path, seed: list[object]) -> None:
    out, other = tmp_path / "blend.wav", tmp_path / "other.flac"
    assert _run("blend", "calm", "angry metal", *QUICK, *seed, "--out", out) == 0
    assert soundfile.info(out).duration == 2
    assert _run("blend", out, "angry metal", *QUICK, *seed, "--out", other) == 0
    assert soundfile.info(other).duration == 2


def test_a_blend_with_a_file_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("blend", "calm", "nowhere.mp3", *QUICK, "--out", tmp_path / "a.wav") == 1
    assert "nowhere.mp3" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([""], "holds no word"),
        (["a" * 10_000], "10,000 characters"),
        (["happy", "--steps", 1], "2 to 500 steps"),
        (["happy", "--seconds", 0], "1 to 600 s"),
        (["happy", "--init", "nowhere.wav"], "nowhere.wav"),
        (["happy", "--model", "nowhere"], "nowhere"),
        (["happy", "--model", "ear"], "is a bundle of kind"),
        ([], "neither is given"),
        (["music", "--tries", 2], "none is known in the prompt"),
        (["happy", "--tries", 0], "tries are from 1"),
    ],
)
def test_bad_requests_get_one_line(
    words: list[object],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run("music", *DRAWN, *QUICK, *words, "--out", tmp_path / "a.wav") != 0
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
