"""The process behind a worker: it starts clean, and a caller's script is not run once more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
sys.path.insert(0, {support!r})
print("begun")
from engine_jobs import square
from moodprint.engine import run
print([outcome.unwrap() for outcome in run(square, [1, 2, 3], workers=2)])
"""


def _run(script: Path, **options) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, script]
    return subprocess.run(command, capture_output=True, text=True, env=environment, **options)


def test_a_script_without_a_main_guard_may_use_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(support=str(Path(__file__).parents[1] / "support")))
    done = _run(script)
    assert done.stdout == "begun\n[1, 4, 9]\n"
    assert done.stderr == ""


def test_a_function_of_the_script_itself_is_refused_in_words(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from moodprint.engine import run\n"
        "def double(n): return 2 * n\n"
        "list(run(double, [1, 2], workers=2))\n"
    )
    done = _run(script)
    assert "OptionError" in done.stderr
    assert "cannot be loaded in another process" in done.stderr


def test_modules_of_the_folder_we_stand_in_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('a stranger')")
    (tmp_path / "pickle.py").write_text("raise SystemExit('a stranger')")
    code = "from engine_jobs import square; from moodprint.engine import run; "
    code += "print(sum(o.unwrap() for o in run(square, [1, 2], workers=2)))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.stdout == "5\n", done.stderr
