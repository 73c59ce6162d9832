"""moodprint analyze beside its peers: speed, memory, first answer; whole processes, in one run.

    scripts/bench --data MUSIC [--minutes 60] [--repeats 3]

Prints a table in Markdown. Peers are installed into environments of their own under the cache; one
that cannot be installed or fails is told in a line. Best of the repeats; the machine must be idle.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import programs
from material import Material, prepare
from measure import CommandFailedError, Usage, best_of, machine
from moodprint.errors import MoodprintError


@dataclass(frozen=True)
class Result:
    """What one program took; None where it has no such command, a text where it failed."""

    name: str
    songs: Usage | str
    long: Usage | str
    song: Usage | str
    help: Usage | str | None


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    try:
        material = prepare(options.data, options.cache / "music", 60 * options.minutes)
    except MoodprintError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    results, notes = [], []
    for program in _programs(options.cache, options.only):
        if isinstance(program, programs.Missing):
            notes.append(f"{program.name}: not measured, {program.why}")
        else:
            print(f"measuring {program.name}", file=sys.stderr)
            results.append(_measured(program, material, options.repeats))
    print(report(results, notes, material))
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("examples"), help="a folder of music")
    parser.add_argument("--minutes", type=float, default=60, help="length of the long file")
    parser.add_argument("--repeats", type=int, default=3, help="the best of so many runs counts")
    parser.add_argument("--cache", type=Path, default=Path(".bench"), help="where all is kept")
    parser.add_argument("--only", nargs="*", help="moodprint, vibenet, pyaudioanalysis, ffmpeg")
    return parser.parse_args(words)


def _programs(cache: Path, only: Sequence[str] | None) -> list[programs.Program | programs.Missing]:
    makers = {
        "moodprint": lambda: programs.moodprint(cache / "out.json"),
        "vibenet": lambda: programs.vibenet(cache / "peers"),
        "pyaudioanalysis": lambda: programs.pyaudioanalysis(cache / "peers"),
        "ffmpeg": programs.ffmpeg,
    }
    return [make() for name, make in makers.items() if only is None or name in only]


def _measured(program: programs.Program, material: Material, repeats: int) -> Result:
    def usage(command: programs.Command) -> Usage | str:
        try:
            return best_of(command, repeats)
        except CommandFailedError as error:
            return f"failed: {error}"

    return Result(
        name=program.name,
        songs=usage(program.analyze(material.songs)),
        long=usage(program.analyze([material.long])),
        song=usage(program.analyze([material.song])),
        help=None if program.help is None else usage(program.help),
    )


def report(results: Sequence[Result], notes: Sequence[str], material: Material) -> str:
    """The table, and under it how to read it and what could not be measured."""
    count, minutes = len(material.songs), material.long_s / 60
    heads = ["program", f"{count} songs", f"{minutes:g}-minute file", "its peak memory"]
    heads += ["3-minute song, cold", "`--help`"]
    lines = [_line(heads), _line(["---", *["---:"] * (len(heads) - 1)])]
    lines += [_line(_cells(result, material)) for result in results]
    failed = [f"{result.name}: {failure}" for result in results for failure in _failures(result)]
    how = (
        f"{machine()}. Times real time on the wall, in brackets per second of processor time; "
        f"whole processes, best run. The {count} songs last {material.songs_s / 60:.1f} minutes. "
        "All files are mp3, 128 kbit/s. Memory is that of the largest process."
    )
    return "\n".join([*lines, "", how, *(f"- {note}" for note in (*notes, *failed))])


def _cells(result: Result, material: Material) -> list[str]:
    return [
        result.name,
        _speed(result.songs, material.songs_s),
        _speed(result.long, material.long_s),
        f"{result.long.peak_mib:.0f} MiB" if isinstance(result.long, Usage) else "failed",
        _seconds(result.song),
        _seconds(result.help),
    ]


def _speed(usage: Usage | str, audio_s: float) -> str:
    if isinstance(usage, str):
        return "failed"
    return f"{audio_s / usage.wall_s:.0f} ({audio_s / usage.cpu_s:.0f})"


def _seconds(usage: Usage | str | None) -> str:
    if usage is None:
        return "-"
    return "failed" if isinstance(usage, str) else f"{usage.wall_s:.2f} s"


def _failures(result: Result) -> list[str]:
    """Each failure once."""
    usages = (result.songs, result.long, result.song, result.help)
    return sorted({text for text in usages if isinstance(text, str)})


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
