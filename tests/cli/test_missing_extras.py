"""Without the packages of the extras each command ends in one line, and the line installs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from moodprint.install_line import install_line

ROOT = Path(__file__).parents[2]

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

GONE = {"sklearn", "xgboost", "librosa", "audiomentations", "skops", "opensmile", "yt_dlp",
        "acoustid", "shazamio", "torch", "transformers", "safetensors", "onnx", "onnxscript",
        "tensorflow", "tinysoundfont"}

class Gone(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in GONE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Gone())
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: (
    None if name.partition(".")[0] in GONE else found(name, *rest)
)
from moodprint.cli.app import main
main(sys.argv[1:])
"""
"""Runs a command where no package of an extra can be found."""

COMMANDS = {
    "a study": ("study", ["study", "run", "{root}/configs/debug.yaml", "--out", "study"]),
    "openSMILE": (
        "opensmile",
        ["features", "extract", "{song}", "--features", "egemaps", "--out", "e.csv"],
    ),
    "a network of speech": (
        "deep",
        ["features", "extract", "{song}", "--features", "hubert", "--out", "h.csv"],
    ),
    "an address": ("collect", ["corpus", "collect", "urls.yaml", "--out", "recordings"]),
    "an address in a build": ("collect", ["corpus", "build", "urls.yaml", "--out", "corpus"]),
    "names from services": (
        "collect",
        ["corpus", "build", "music", "--out", "corpus", "--network", "--acoustid-key", "k"],
    ),
    "fine-tuning": (
        "deep",
        ["train", "{root}/configs/debug.yaml", "--model", "ear", "--out", "tuned"],
    ),
    "drums": (
        "soundfont",
        ["generate", "notes", "{song}", "--drums", "drums.sf2", "--out", "new.wav"],
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_lacks_an_extra_ends_in_one_line_that_installs_it(name: str, tmp_path: Path) -> None:
    extra, words = COMMANDS[name]
    song = ROOT / "examples" / "song.mp3"
    (tmp_path / "urls.yaml").write_text("calm:\n  - https://example.org/a-playlist\n")
    (tmp_path / "music" / "calm").mkdir(parents=True)
    (tmp_path / "music" / "calm" / "song.mp3").symlink_to(song)
    (tmp_path / "drums.sf2").write_bytes(b"RIFF")
    words = [word.format(root=ROOT, song=song) for word in words]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *words],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "which is not installed" in done.stderr
    line = done.stderr.rstrip("\n").partition("run  ")[2]
    assert line.split()[1:] == _typed_in(tmp_path, extra).split()[1:]


def _typed_in(folder: Path, extra: str) -> str:
    """The line as it is for a command that is typed in a folder."""
    code = f"from moodprint.install_line import install_line; print(install_line({extra!r}))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert extra in install_line(extra)
    return done.stdout.strip()
