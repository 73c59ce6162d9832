from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.audio.media import probe
from moodprint.errors import NoMediaFoundError

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")


@pytest.fixture
def music(tmp_path) -> Path:
    """Two short tones in two folders, and a file that only looks like music."""
    folder = tmp_path / "it's music"
    for name, seconds in (("a/tone.wav", 3), ("b/tone.wav", 4)):
        path = folder / name
        path.parent.mkdir(parents=True)
        soundfile.write(path, 0.5 * np.sin(np.arange(seconds * 8000) / 5), 8000)
    (folder / "broken.mp3").write_bytes(b"no music")
    return folder


@needs_ffmpeg
def test_material_is_made_once_and_lasts_as_long_as_asked(music, tmp_path):
    from material import prepare

    made = prepare(music, tmp_path / "cache", 10.0)
    assert len(made.songs) == 2
    assert made.songs_s == pytest.approx(7, abs=0.3)
    assert probe(made.long).duration_s == pytest.approx(10, abs=0.2)
    assert probe(made.song).duration_s == pytest.approx(180, abs=0.5)
    before = made.long.stat().st_mtime_ns
    assert prepare(music, tmp_path / "cache", 10.0) == made
    assert made.long.stat().st_mtime_ns == before


def test_a_folder_without_music_is_told(tmp_path):
    from material import prepare

    with pytest.raises(NoMediaFoundError, match="holds no music"):
        prepare(tmp_path, tmp_path / "cache", 10.0)


@needs_ffmpeg
def test_the_limit_is_measured_and_printed(music, tmp_path, capsys):
    from analyze import main

    words = ["--data", str(music), "--minutes", "0.2", "--repeats", "1"]
    assert main([*words, "--cache", str(tmp_path / "cache"), "--only", "ffmpeg"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0].startswith("| program | 2 songs | 0.2-minute file |")
    assert table[2].startswith("| ffmpeg, decoding alone | ")
    assert "MiB" in table[2]
    assert " cores, " in table[4]


def test_what_fails_or_is_missing_is_a_line_and_no_number():
    from analyze import Result, report
    from material import Material
    from measure import Usage

    good = Usage(wall_s=2.0, cpu_s=4.0, peak_mib=100.4)
    results = [
        Result("good", good, good, good, None),
        Result("bad", "failed: no", "failed: no", good, "failed: why"),
    ]
    material = Material((Path("a.mp3"),), 60.0, Path("s.mp3"), Path("l.mp3"), 3600.0)
    lines = report(results, ["peer: not measured, cannot be installed"], material).splitlines()
    assert lines[2] == "| good | 30 (15) | 1800 (900) | 100 MiB | 2.00 s | - |"
    assert lines[3] == "| bad | failed | failed | failed | 2.00 s | failed |"
    assert lines[6:] == [
        "- peer: not measured, cannot be installed",
        "- bad: failed: no",
        "- bad: failed: why",
    ]


def test_a_peer_that_cannot_be_installed_is_told(tmp_path, monkeypatch):
    import programs

    monkeypatch.setattr(sys, "executable", "/bin/false")
    missing = programs.vibenet(tmp_path)
    assert isinstance(missing, programs.Missing)
    assert "cannot be installed" in missing.why


def test_no_music_ends_with_a_status(tmp_path, capsys):
    from analyze import main

    assert main(["--data", str(tmp_path), "--cache", str(tmp_path)]) == 1
    assert "holds no music" in capsys.readouterr().err
