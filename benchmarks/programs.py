"""The programs that are measured: moodprint, its peers in environments of their own, ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = list[str | Path]

_PYAUDIOANALYSIS = """
import sys
from pyAudioAnalysis import MidTermFeatures, audioBasicIO
for path in sys.argv[1:]:
    rate, samples = audioBasicIO.read_audio_file(path)
    mono = audioBasicIO.stereo_to_mono(samples)
    MidTermFeatures.mid_feature_extraction(
        mono, rate, rate, rate, round(0.05 * rate), round(0.05 * rate))
"""
"""Its features, which every classifier of its kind needs first; it ships none for emotion."""

_DECODE = 'for path; do ffmpeg -v error -nostdin -i "$path" -vn -f null - || exit 1; done'


@dataclass(frozen=True)
class Program:
    """``analyze`` makes the command for some files; ``help`` is None where there is no help."""

    name: str
    analyze: Callable[[Sequence[Path]], Command]
    help: Command | None


@dataclass(frozen=True)
class Missing:
    """A program that cannot be measured here, and why."""

    name: str
    why: str


def moodprint(out: Path) -> Program:
    """The moodprint that is installed beside this Python."""
    own: Command = [Path(sys.executable).with_name("moodprint")]
    result: Command = ["--format", "json", "--output", out]
    return Program("moodprint", lambda files: [*own, "analyze", *files, *result], [*own, "--help"])


def vibenet(environments: Path) -> Program | Missing:
    """Seven numbers a file, valence and energy among them; its weights are in its wheel."""
    python = _environment(environments / "vibenet", ["vibenet==0.1.0"])
    if isinstance(python, str):
        return Missing("VibeNet 0.1.0", python)
    own: Command = [python, "-m", "vibenet.cli"]
    return Program(
        "VibeNet 0.1.0", lambda files: [*own, *files, "--strict", "-f", "json"], [*own, "--help"]
    )


def pyaudioanalysis(environments: Path) -> Program | Missing:
    """Its mid-term features. Its package names no dependencies, so they are named here."""
    name = "pyAudioAnalysis 0.3.14, features only"
    needed = ["numpy<2", "scipy<1.13", "matplotlib", "pydub", "eyed3", "tqdm"]
    python = _environment(environments / "pyaudioanalysis", ["pyAudioAnalysis==0.3.14", *needed])
    if isinstance(python, str):
        return Missing(name, python)
    return Program(name, lambda files: [python, "-c", _PYAUDIOANALYSIS, *files], None)


def ffmpeg() -> Program | Missing:
    """Decoding alone: nothing that hears the whole file can be much faster."""
    name = "ffmpeg, decoding alone"
    if shutil.which("ffmpeg") is None:
        return Missing(name, "it is not installed")
    return Program(name, lambda files: ["sh", "-c", _DECODE, "sh", *files], None)


def _environment(folder: Path, packages: Sequence[str]) -> Path | str:
    """The Python of a virtual environment with the packages, or why there is none."""
    python = folder / "bin" / "python"
    done = folder / "installed"
    if done.exists() and done.read_text() == "\n".join(packages):
        return python
    print(f"installing: {', '.join(packages)}", file=sys.stderr)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        _quiet([sys.executable, "-m", "venv", str(folder)])
        _quiet([*pip, *packages])
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        return f"cannot be installed: {said[-1] if said else error}"
    done.write_text("\n".join(packages))
    return python


def _quiet(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
