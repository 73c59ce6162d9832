"""The command's frame: what is loaded, and how errors of every kind end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from moodprint import __version__
from moodprint.cli import app
from moodprint.errors import MissingFileError, NotMediaError, OptionError

RUN = "from moodprint.cli.app import main; main()"


def moodprint(*words: str, code: str = RUN, **options) -> subprocess.CompletedProcess:
    """The command in a process of its own, as a shell would start it."""
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Make ``moodprint fake`` a command that runs the given line of Python."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(line: str) -> None:
        name = f"fake_{abs(hash(line))}"
        (tmp_path / f"{name}.py").write_text(
            f"import sys, typer\nfrom moodprint.errors import *\ndef fake(): {line}\n"
        )
        monkeypatch.setattr(app, "COMMANDS", {"fake": (f"{name}:fake", "Do as told.")})

    return make


def test_help_lists_the_commands_and_loads_nothing_heavy() -> None:
    code = f"import atexit, sys; atexit.register(lambda: print(sorted(sys.modules))); {RUN}"
    done = moodprint("--help", code=code)
    assert done.returncode == 0
    *text, loaded = done.stdout.strip().splitlines()
    assert "Usage: moodprint" in text[0]
    assert all(f"\n  {name} " in done.stdout for name in app.COMMANDS)
    for heavy in ("numpy", "onnxruntime", "av", "rich", "polars", "plotly"):
        assert f"'{heavy}'" not in loaded


def test_help_names_each_command_with_its_line(fake, capsys: pytest.CaptureFixture) -> None:
    fake("pass")
    with pytest.raises(SystemExit):
        app.main(["--help"])
    assert "fake  Do as told." in capsys.readouterr().out


def test_the_version_is_told() -> None:
    done = moodprint("--version")
    assert (done.returncode, done.stdout) == (0, f"moodprint {__version__}\n")


def test_an_unknown_command_is_misuse() -> None:
    done = moodprint("analyse-it")
    assert done.returncode == 2
    assert done.stderr.startswith("moodprint: No such command 'analyse-it'")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["analyze", "a.mp3", "--nothing"], "No such option: --nothing"),
        (["generate", "notes", "a.mid", "--emotion", "bored"], "'--emotion'"),
        (["generate", "notes", "a.mid", "--spread", "x"], "'--spread'"),
        (["train", "plan.yaml"], "Missing option '--model'"),
        (["match", "query"], "Missing argument"),
    ],
)
def test_wrong_words_are_one_line_that_says_where_the_right_ones_stand(
    capsys: pytest.CaptureFixture, words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main(words)
    told = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert len(told) == 1
    assert said in told[0]
    assert " --help" in told[0]


@pytest.mark.parametrize("words", [[], ["corpus"], ["match"]])
def test_without_words_the_help_is_told(capsys: pytest.CaptureFixture, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main(words)
    printed = capsys.readouterr()
    assert ended.value.code in (0, 2)
    assert "Usage: moodprint" in printed.out + printed.err


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("raise OptionError('segment_s is positive')", 2, "moodprint: segment_s is positive"),
        ("raise NotMediaError('x.txt: no media')", 1, "moodprint: x.txt: no media"),
        ("raise MissingFileError('a\\nb: does not exist')", 1, "moodprint: a b: does not exist"),
        ("raise OSError(28, 'No space left')", 1, "moodprint: [Errno 28] No space left"),
        ("raise KeyboardInterrupt", 130, ""),
    ],
)
def test_errors_end_in_one_line_and_a_status(
    fake, capsys: pytest.CaptureFixture, line: str, status: int, message: str
) -> None:
    fake(line)
    with pytest.raises(SystemExit) as ended:
        app.main(["fake"])
    assert ended.value.code == status
    assert capsys.readouterr().err.strip() == message


def test_a_mistake_of_ours_is_not_hidden(fake) -> None:
    fake("raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        app.main(["fake"])


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_is_one_line(unbuffered: str) -> None:
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "--help"],
        env=os.environ | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == (
            b"moodprint: standard output: cannot be written (Broken pipe)\n"
        )
    assert process.returncode == app.FAILED


def test_the_errors_tree_names_what_is_misuse() -> None:
    assert issubclass(OptionError, ValueError)
    assert not issubclass(MissingFileError, OptionError)
    assert not issubclass(NotMediaError, OptionError)


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_is_there(name: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        app.main([name, "--help"])
    assert ended.value.code == 0
    assert f"moodprint {name} " in capsys.readouterr().out


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "moodprint", "--version"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, __version__ in done.stdout) == (0, True)
