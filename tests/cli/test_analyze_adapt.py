"""`moodprint analyze --adapt`: answers weighed against one another."""

from __future__ import annotations

import io
import json
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cards import emotion_network_card

from moodprint.bundle import write_bundle
from moodprint.cli import analyze as cli_analyze
from moodprint.engine import no_progress


@pytest.fixture
def many(folder: Path) -> Path:
    """Ten more songs, and a model whose card says when to abstain."""
    rng = np.random.default_rng(2)
    for n in range(10):
        sound = rng.uniform(-0.05 * (n + 1), 0.05 * (n + 1), 16_000)
        soundfile.write(folder / "songs" / f"more{n}.wav", sound, 8_000)
    card = emotion_network_card(calibration={"temperature": 1.0, "abstain_below": 0.1})
    write_bundle(folder / "model", card, {"ear.onnx": b"never loaded"})
    return folder


def test_adapt_tells_how_files_stand_among_all(many: Path, analyze) -> None:
    plain, adapted = (analyze("songs", "-f", "json", *words) for words in ([], ["--adapt"]))
    assert (plain[0], adapted[0]) == (0, 0)
    before, after = (json.loads(out) for _, out, _ in (plain, adapted))
    assert [each["source"] for each in after] == [each["source"] for each in before]
    assert all(each["model"].endswith(", adapted to 13 files") for each in after)
    assert len({each["emotion"] for each in after}) >= len({each["emotion"] for each in before})


def test_adapt_says_what_it_cannot_do(many: Path, analyze) -> None:
    for words, message in (
        (["songs/a.wav"], "to adapt takes 10 files or more, not 1"),
        (["songs", "--explain"], "choose explain or adapt"),
    ):
        status, out, err = analyze(*words, "--adapt")
        assert (status, out) == (2, "")
        assert message in err
    analyze("songs", "-o", "out.json", "--adapt")
    status, _, err = analyze("songs", "-o", "out.json", "--adapt", "--resume")
    assert status == 2
    assert "weighs all files anew" in err


def test_with_too_little_music_what_was_heard_is_kept(many: Path, analyze) -> None:
    for n in range(10):
        (many / "songs" / f"more{n}.wav").write_bytes(b"")
    status, out, err = analyze("songs", "-f", "json", "--adapt")
    heard = [each for each in json.loads(out) if "error" not in each]
    assert status == 1
    assert len(heard) == 3
    assert not any("adapted" in each["model"] for each in heard)
    assert "not adapted, told as they were heard: to adapt, at least 10 files with music" in err


@pytest.mark.parametrize(("typed", "adapts"), [("y", True), ("", True), ("n", False)])
def test_a_terminal_is_asked_first(many: Path, analyze, monkeypatch, typed, adapts) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(cli_analyze, "progress_bar", lambda quiet: nullcontext(no_progress))
    _, out, err = analyze("songs", "-f", "json", "--adapt")
    assert "right for a folder of many moods" in err
    assert all(("adapted" in each["model"]) is adapts for each in json.loads(out))


def test_nobody_is_asked_where_nobody_sits(many: Path, analyze, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    status, _, err = analyze("songs", "-f", "json", "--adapt")
    assert (status, err) == (0, "")
