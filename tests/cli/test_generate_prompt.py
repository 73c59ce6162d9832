"""`generate prompt` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moodprint.cli.app import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run ``moodprint generate prompt``: (status, stdout, stderr)."""

    def run_here(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["generate", "prompt", *words])
        return int(ended.value.code or 0), *capsys.readouterr()

    return run_here


def test_prompts_are_lines_that_begin_with_the_users_words(run) -> None:
    status, output, _ = run("happy music", "--count", "5")
    assert status == 0
    lines = output.splitlines()
    assert len(set(lines)) == 5
    assert all(line.startswith("happy music, ") for line in lines)
    assert run("happy music", "--count", "5")[1] == output


def test_the_explanation_names_what_was_understood(run) -> None:
    _, output, _ = run("scary music, no drums", "--explain")
    assert "asked: emotions fear" in output
    assert "refused: traits drums" in output


def test_json_says_all(run) -> None:
    status, output, _ = run("slow piano", "--emotion", "sad", "--json")
    (found,) = json.loads(output)
    assert status == 0
    assert found["asked"]["traits"] == ["slow"]
    assert found["emotions"] == ["sad"]
    assert {"genre", "mode"} <= {term["kind"] for term in found["added"]}


def test_a_vocabulary_of_ones_own(tmp_path: Path, run) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("terms: {genre: [{term: chiptune}]}")
    _, output, warning = run("happy music", "--vocabulary", str(file))
    assert output == "happy music, chiptune\n"
    assert "no word of the prompt is known" in warning


@pytest.mark.parametrize("prompt", ["", "!!", "a" * 10_000])
def test_bad_prompts_end_in_one_line(prompt: str, run) -> None:
    status, output, error = run(prompt)
    assert (status, output) == (2, "")
    assert error.startswith("moodprint: the prompt h")
    assert error.count("\n") == 1


def test_a_broken_vocabulary_ends_in_one_line(tmp_path: Path, run) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"terms: \xff")  # input that cannot be read, not a wrong option: 1, not 2
    status, output, error = run("happy music", "--vocabulary", str(file))
    assert (status, output) == (1, "")
    assert "mine.yaml, line 1" in error
