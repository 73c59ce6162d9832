"""The options that commands share, as a command line gives them."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, Workers, is_json

app = typer.Typer(rich_markup_mode=None)


@app.command()
def shown(
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Print what came of the options."""
    typer.echo(f"{is_json(text_format, as_json)} {workers} {quiet}")


def _run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, words)
    return done.exit_code, done.output.strip()


def test_by_default_a_person_reads_and_the_engine_chooses() -> None:
    assert _run() == (0, "False None False")


@pytest.mark.parametrize("words", [["--json"], ["--format", "json"], ["-f", "json"]])
def test_json_has_two_spellings_and_a_letter(words: list[str]) -> None:
    assert _run(*words) == (0, "True None False")


def test_the_shorter_spelling_wins() -> None:
    assert _run("--json", "--format", "table") == (0, "True None False")


@pytest.mark.parametrize(("given", "expected"), [("0", "None"), ("3", "3")])
def test_no_workers_are_one_a_core(given: str, expected: str) -> None:
    assert _run("--workers", given) == (0, f"False {expected} False")


@pytest.mark.parametrize(
    ("option", "value"), [("--workers", "-1"), ("--workers", "two"), ("--format", "xml")]
)
def test_what_makes_no_sense_is_misuse_by_the_options_name(option: str, value: str) -> None:
    status, output = _run(option, value)
    assert status == 2
    assert option in output


@pytest.mark.parametrize("word", ["--quiet", "-q"])
def test_a_bar_can_be_left_out(word: str) -> None:
    assert _run(word) == (0, "False None True")
