"""`moodprint generate diffusion` and `generate blend` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from tiny_generator import TINY_GENERATOR

from moodprint.cli.app import main


def _run(command: str, *words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["generate", command, *map(str, words)])
    return int(ended.value.code or 0)


QUICK = ("--model", TINY_GENERATOR, "--seconds", 2, "--steps", 2)


def test_a_prompt_becomes_a_file_and_the_same_words_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {}
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        out = tmp_path / f"{name}.flac"
        assert _run("diffusion", "happy music", *QUICK, "--seed", seed, "--out", out) == 0
        files[name] = out.read_bytes()
    assert files["a"] == files["b"] != files["c"]
    info = soundfile.info(tmp_path / "a.flac")
    assert (info.samplerate, info.channels, info.duration) == (32_000, 1, 2)
    assert "a.flac: 2.0 s" in capsys.readouterr().out


def test_explain_says_what_was_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["fast zorblax, not dark", "--negative", "jazz", "--explain"]
    assert _run("diffusion", *words, *QUICK, "--out", tmp_path / "a.wav") == 0
    said = capsys.readouterr()
    assert "asked: tempo, as in the music that has more of it than 95%" in said.out
    assert "refused: jazz" in said.out
    assert "refused: brightness" in said.out
    assert "zorblax: says nothing" in said.err


def test_a_blend_becomes_a_file(tmp_path: Path) -> None:
    out = tmp_path / "blend.wav"
    assert _run("blend", "calm", "angry metal", *QUICK, "--out", out) == 0
    assert soundfile.info(out).duration == 2


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
    assert _run("diffusion", *QUICK, *words, "--out", tmp_path / "a.wav") != 0
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
