"""Splitting on silence: moodprint beside ffmpeg, librosa, pydub and auditok, in one run.

    python benchmarks/splitting.py --work FOLDER [--music FOLDER] [--minutes 30] [--songs 12]

Each program is asked for pauses of 1 s and more and is otherwise left at its defaults; "ffmpeg
-45 dB" shows what one gets who knows the floor beforehand. Music is taken from FOLDER, or made
up. A cut is right where it covers a join to within 0.5 s.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from measure import CommandFailedError, measure
from moodprint.audio.decode import decode
from moodprint.audio.encode import encode
from moodprint.audio.media import find_media
from moodprint.clip import Clip
from moodprint.pitch import midi_to_hz

RATE_HZ = 44_100
WITHIN_S = 0.5
Spans = list[tuple[float, float]]

_PEERS = {
    "librosa": """
import librosa, numpy as np
y, sr = librosa.load(path, sr=None, mono=True)
print([[a / sr, b / sr] for a, b in librosa.effects.split(y).tolist()])
""",
    "pydub": """
from pydub import AudioSegment, silence
sound = AudioSegment.from_file(path)
spans = silence.detect_nonsilent(sound, min_silence_len=1000)
print([[a / 1000, b / 1000] for a, b in spans])
""",
    "auditok": """
import auditok
regions = auditok.split(path, max_silence=1.0, max_dur=36000)
print([[region.start, region.end] for region in regions])
""",
}


@dataclass(frozen=True)
class Case:
    """A compilation and the pauses that were put into it."""

    name: str
    path: Path
    joins: Spans


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--work", type=Path, required=True)
    words.add_argument("--music", type=Path, help="any folder of music; made up where absent")
    words.add_argument("--minutes", type=float, default=30, help="length of the timed file")
    words.add_argument("--songs", type=int, default=12, help="songs in each file to cut")
    words.add_argument("--repeats", type=int, default=3)
    asked = words.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    print("recall / precision of cuts, within 0.5 s")
    cases = make_cases(songs(asked.music, asked.songs, 20.0), asked.work)
    print(f"{'':<16}" + "".join(f"{case.name:>18}" for case in cases))
    programs = {"moodprint": moodprint, "ffmpeg": ffmpeg("-60dB"), "ffmpeg -45 dB": ffmpeg("-45dB")}
    programs |= {name: peer(code) for name, code in _PEERS.items()}
    for name, program in programs.items():
        print(f"{name:<16}" + "".join(f"{score(program(case.path), case):>18}" for case in cases))
    print_speed(programs, timed_file(asked), asked)


# ---- material


def songs(folder: Path | None, count: int, seconds: float) -> list[Clip]:
    if folder is None:
        return [made_up(seconds, seed) for seed in range(count)]
    found = (
        without_edges(decode(path, sample_rate_hz=RATE_HZ, mono=True, stop_s=seconds))
        for path in find_media(folder)
    )
    return list(islice((clip for clip in found if clip.duration_s > seconds / 2), count))


def made_up(seconds: float, seed: int) -> Clip:
    """Chords with a stroke each half second."""
    random = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    chords = random.integers(40, 84, (int(seconds * 2) + 1, 3))
    hz = midi_to_hz(chords)[(at * 2).astype(int)]
    strokes = 0.3 + 0.7 * np.exp(-4 * (at % 0.5))
    sound = 0.5 * strokes * np.sin(2 * np.pi * hz.T * at).mean(axis=0)
    return Clip(sound.astype(np.float32), RATE_HZ)


def without_edges(clip: Clip) -> Clip:
    """Without what is 40 dB below the loudest at either end: joins are where we put them."""
    hop = RATE_HZ // 100
    frames = clip.mono[: clip.samples.shape[1] // hop * hop].reshape(-1, hop)
    level = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() / 100)
    return Clip(clip.mono[loud[0] * hop : (loud[-1] + 1) * hop], RATE_HZ)


def make_cases(music: list[Clip], folder: Path) -> list[Case]:
    kinds = {
        "silence": lambda _: None,
        "-60 dBFS": lambda _: -60.0,
        "-50 dBFS": lambda _: -50.0,
        "both in turns": lambda number: None if number % 2 else -60.0,
    }
    return [compilation(name, music, level, folder) for name, level in kinds.items()] + [
        compilation("fades, -60 dBFS", [faded(clip) for clip in music], kinds["-60 dBFS"], folder),
        quiet("quiet, noise under", music, folder),
    ]


def quiet(name: str, music: list[Clip], folder: Path) -> Case:
    """Music at -43 dBFS, as short videos have it, with noise at -60 dBFS under all of it."""
    soft = [Clip(clip.mono * np.float32(10**-2.15 / clip.mono.std()), RATE_HZ) for clip in music]
    clean = compilation(name, soft, lambda _: None, folder)
    sound = decode(clean.path).mono
    noise = np.random.default_rng(6).normal(0, 10**-3, len(sound)).astype(np.float32)
    return Case(name, encode(Clip(sound + noise, RATE_HZ), clean.path), clean.joins)


def faded(clip: Clip, seconds: float = 3.0) -> Clip:
    ramp = np.minimum(1, np.arange(clip.samples.shape[1]) / (seconds * RATE_HZ))
    return Clip((clip.mono * ramp * ramp[::-1]).astype(np.float32), RATE_HZ)


def compilation(name, music, level_of, folder) -> Case:
    random = np.random.default_rng(5)
    parts, joins, at = [], [], 0
    for number, clip in enumerate(music):
        if number:
            level = level_of(number)
            spread = 0.0 if level is None else 10 ** (level / 20)
            pause = random.normal(0, spread, int(random.uniform(1, 2) * RATE_HZ))
            joins.append((at / RATE_HZ, (at + len(pause)) / RATE_HZ))
            parts.append(pause.astype(np.float32))
            at += len(pause)
        parts.append(clip.mono)
        at += len(clip.mono)
    place = folder / f"{re.sub(r'[^a-z0-9]+', '-', name)}.wav"
    return Case(name, encode(Clip(np.concatenate(parts), RATE_HZ), place), joins)


# ---- programs: each gives the spans that sound


def moodprint(path: Path) -> Spans:
    return [(song["start_s"], song["end_s"]) for song in json.loads(output(moodprint_words(path)))]


def moodprint_words(path: Path) -> list[str]:
    call = f"main(['corpus', 'split', {str(path)!r}, '--format', 'json'])"
    return [sys.executable, "-c", f"from moodprint.cli.app import main; {call}"]


def ffmpeg_words(path: Path, noise: str) -> list[str]:
    quiet = ["ffmpeg", "-hide_banner", "-nostdin", "-vn", "-i", str(path)]
    return [*quiet, "-af", f"silencedetect=noise={noise}:duration=1", "-f", "null", "-"]


def ffmpeg(noise: str):
    def spans(path: Path) -> Spans:
        said = subprocess.run(ffmpeg_words(path, noise), capture_output=True, text=True, check=True)
        starts = [float(at) for at in re.findall(r"silence_start: (-?[\d.]+)", said.stderr)]
        ends = [float(at) for at in re.findall(r"silence_end: ([\d.]+)", said.stderr)]
        return list(zip([0.0, *ends], [*starts, float("inf")], strict=False))

    spans.words = lambda path: ffmpeg_words(path, noise)
    return spans


def peer(code: str):
    def words(path: Path) -> list[str]:
        quiet = "import warnings; warnings.simplefilter('ignore')"
        return [sys.executable, "-c", f"{quiet}\npath = {str(path)!r}\n{code}"]

    def spans(path: Path) -> Spans:
        try:
            return [tuple(span) for span in json.loads(output(words(path)))]
        except subprocess.CalledProcessError:
            return []

    spans.words = words
    return spans


moodprint.words = moodprint_words


def output(words: list[str]) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


# ---- scores


def score(spans: Spans, case: Case) -> str:
    if not spans:
        return "none"
    gaps = [(a[1], b[0]) for a, b in pairwise(spans) if b[0] - a[1] >= 0.9]
    good = [
        [gap[0] <= start + WITHIN_S and gap[1] >= end - WITHIN_S for gap in gaps]
        for start, end in case.joins
    ]
    recall = sum(any(row) for row in good) / len(case.joins)
    right = sum(any(row[number] for row in good) for number in range(len(gaps)))
    return f"{recall:.2f} / {right / len(gaps):.2f}" if gaps else f"{recall:.2f} / -"


def timed_file(asked: argparse.Namespace) -> Path:
    path = asked.work / f"long-{asked.minutes:g}.mp3"
    if not path.exists():
        some = compilation("some", songs(asked.music, 12, 40.0), lambda _: -60.0, asked.work)
        sound = decode(some.path).mono
        whole = np.resize(sound, round(asked.minutes * 60 * RATE_HZ))
        encode(Clip(np.stack([whole, whole]), RATE_HZ), path)
    return path


def print_speed(programs: dict, path: Path, asked: argparse.Namespace) -> None:
    seconds = asked.minutes * 60
    print(f"\nspeed on {path.name}, {asked.repeats} runs, whole processes: times real time")
    print(f"{'':<16}{'by CPU time':>18}{'on the wall':>18}{'memory':>14}")
    for name, program in programs.items():
        try:
            runs = [measure(program.words(path)) for _ in range(asked.repeats)]
        except CommandFailedError as error:
            print(f"{name:<16}  failed: {error}")
            continue
        cpu_s, wall_s = min(run.cpu_s for run in runs), min(run.wall_s for run in runs)
        memory = max(run.peak_mib for run in runs)
        print(f"{name:<16}{seconds / cpu_s:>17.0f}x{seconds / wall_s:>17.0f}x{memory:>10.0f} MiB")


if __name__ == "__main__":
    main()
