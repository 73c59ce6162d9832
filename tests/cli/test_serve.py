"""`moodprint serve` from the command line, as a process that is called and stopped."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.cli.app import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "99999"], "--port"),
        (["--root", "/none"], "/none is no folder"),
        (["--model", "none"], "none"),
        (["--database", "mysql://x"], "postgresql://"),
        (["--quota-gigabytes", "0"], "--quota-gigabytes"),
        (["--worker-name", "a/b"], "--worker-name"),
    ],
)
def test_wrong_settings_end_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", *words])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in error
    assert error.count("\n") == 1


def test_a_clip_is_answered_over_the_network(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, 6 * 16_000)
    soundfile.write(tmp_path / "a.wav", noise, 16_000)
    started = "from moodprint.cli.app import main; main()"
    options = ["--root", str(tmp_path), "--port", "0", "--data", str(tmp_path / "data")]
    command = [sys.executable, "-c", started, "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
            request = urllib.request.Request(
                f"{address}/classify",
                json.dumps({"path": "a.wav"}).encode(),
                {"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                assert json.load(response)["duration_s"] == 6
        finally:
            server.send_signal(signal.SIGINT)
    assert server.returncode in (0, 130)


def test_a_broken_environment_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOODPRINT_ROOT", "music")
    with pytest.raises(SystemExit) as ended:
        main(["serve"])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert error.startswith("moodprint: the environment: ")
    assert error.count("\n") == 1


def test_other_machines_are_answered_with_a_key_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--host", "0.0.0.0", *data])
    assert ended.value.code == 2
    assert "moodprint keys add" in capsys.readouterr().err
    for words, said in (
        (["add", "ann"], "mp_"),
        (["add", "bob", "--read-only"], "mp_"),
        (["list"], "ann\twrite"),
        (["remove", "ann"], ""),
        (["list"], "bob\tread"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["keys", *words, *data])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(said)
    with pytest.raises(SystemExit) as ended:
        main(["keys", "remove", "ann", *data])
    assert ended.value.code == 2
    assert "no key named 'ann'" in capsys.readouterr().err
