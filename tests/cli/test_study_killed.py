"""A study that is killed leaves no process behind, whatever it was at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from processes import wait_until

PROGRAM = "from moodprint.cli.app import main; main()"
STUDY = """
corpora: [{name: toys, toy_songs: 12}]
features: [acoustic]
models: [logistic, rbf_svc, random_forest, gradient_boosting]
folds: 4
finalists: 2
tune: true
"""


def _family(mark: str) -> set[int]:
    """The processes that have a mark in their environment."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            marked = mark.encode() in (place / "environ").read_bytes()
            state = (place / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if marked and state != "Z":
            found.add(int(place.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system has no /proc")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stage", ["features", "trials"])
def test_a_killed_study_leaves_no_process(tmp_path: Path, blow: signal.Signals, stage: str) -> None:
    pytest.importorskip("sklearn", reason="the extra study is not installed")
    (tmp_path / "study.yaml").write_text(STUDY)
    mark, trials = uuid.uuid4().hex, tmp_path / "out" / "trials"
    words = ["study", "run", "study.yaml", "--out", "out", "--cache", "cache", "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=tmp_path,
        env=os.environ | {"MOODPRINT_TEST_MARK": mark, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as study:
        if stage == "features":
            wait_until(lambda: len(_family(mark)) >= 3, 60)
        else:
            wait_until(lambda: trials.is_dir() and len(list(trials.iterdir())) >= 2, 60)
        time.sleep(0.1)
        assert study.poll() is None, "it is still at work"
        study.send_signal(blow)
        printed = study.stdout.read()  # ends when nobody holds the pipe any more
    assert study.returncode == (130 if blow == signal.SIGINT else -blow)
    assert b"Traceback" not in printed
    wait_until(lambda: not _family(mark))
