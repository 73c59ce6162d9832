"""Compilations of known songs with planted duplicates, and the truth of where each piece lies."""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import zipfile
from collections import defaultdict

import numpy as np
import soundfile
import soxr

RATE_HZ = 44_100
PIECES_A_FILE = 12
VARIANTS = (
    "64 kbit/s",
    "speed +3 %",
    "speed +8 %",
    "pitch +2",
    "excerpt 30 s",
    "excerpt 10 s",
    "renamed",
)


def make(tracks: list[dict[str, str]], asked: argparse.Namespace) -> None:
    """Write compilations of the tracks and their variants under ``asked.work``, and truth.json."""
    random = np.random.default_rng(7)
    pieces = [(number, "original", track["emotion"]) for number, track in enumerate(tracks)]
    for variant in VARIANTS:
        chosen = random.permutation(len(tracks))[: asked.planted]
        pieces += [(int(number), variant, tracks[number]["emotion"]) for number in chosen]
    by_emotion = defaultdict(list)
    for place in random.permutation(len(pieces)):
        by_emotion[pieces[place][2]].append(pieces[place])
    truth = []
    for emotion, part in sorted(by_emotion.items()):
        for start in range(0, len(part), PIECES_A_FILE):
            name = f"{emotion}/mix {start // PIECES_A_FILE + 1}"
            sounds = (
                (*piece, sound_of(tracks[piece[0]], piece[1], asked))
                for piece in part[start : start + PIECES_A_FILE]
            )
            truth.append(
                write_compilation(sounds, name, len(truth), asked.work / "sources", random)
            )
            print(f"made {name}: {truth[-1]['duration_s'] / 60:.0f} min", flush=True)
    (asked.work / "truth.json").write_text(json.dumps(truth))


def write_compilation(pieces, name, number, folder, random) -> dict:
    """Pauses of 1 to 2 s: digital silence, noise at -60 dBFS, or both in turns, by file."""
    path = (folder / name).with_suffix(".mp3" if number % 6 == 1 else ".flac")
    path.parent.mkdir(parents=True, exist_ok=True)
    placed, at = [], 0
    with soundfile.SoundFile(path, "w", RATE_HZ, 2) as file:
        for count, (track, variant, _, sound) in enumerate(pieces):
            if count:
                noisy = number % 3 == 1 or (number % 3 == 2 and count % 2)
                pause = random.normal(
                    0, 1e-3 if noisy else 0, (int(random.uniform(1, 2) * RATE_HZ), 2)
                )
                write(file, pause)
                at += len(pause)
            first, last = sounding(sound)
            placed.append({
                "track": track, "variant": variant,
                "start_s": at / RATE_HZ, "end_s": (at + len(sound)) / RATE_HZ,
                "sound_from_s": (at + first) / RATE_HZ, "sound_to_s": (at + last) / RATE_HZ,
            })  # fmt: skip
            write(file, sound)
            at += len(sound)
    return {"source": f"{name}{path.suffix}", "duration_s": at / RATE_HZ, "pieces": placed}


def write(file: soundfile.SoundFile, sound: np.ndarray) -> None:
    """Write a sound [N, 2] second by second, clipped to full scale."""
    for start in range(0, len(sound), RATE_HZ):
        file.write(np.clip(sound[start : start + RATE_HZ], -1, 1))


def sounding(sound: np.ndarray) -> tuple[int, int]:
    """First and last sample of what is less than 40 dB below the loudest 10 ms."""
    hop = RATE_HZ // 100
    whole = sound[: len(sound) // hop * hop].reshape(-1, hop * 2)
    level = np.sqrt((whole**2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() / 100)
    return int(loud[0]) * hop, int(loud[-1] + 1) * hop


def sound_of(track: dict[str, str], variant: str, asked: argparse.Namespace) -> np.ndarray:
    """A track changed as the variant says [N, 2], at 44,100 Hz."""
    path = asked.packages / track["package"] / track["path"].lstrip("/")
    source = io.BytesIO(zipfile.ZipFile(path).read(track["member"])) if track["member"] else path
    sound, rate = soundfile.read(source, dtype="float32", always_2d=True)
    sound = soxr.resample(sound, rate, RATE_HZ, "MQ")[:, :2]
    sound = np.repeat(sound, 2, axis=1) if sound.shape[1] == 1 else sound
    if variant.startswith("speed"):
        return soxr.resample(sound, RATE_HZ * float(f"1.0{variant[7]}"), RATE_HZ, "MQ")
    if variant.startswith("excerpt"):
        count = int(variant.split()[1]) * RATE_HZ
        start = max(0, (len(sound) - count) // 2)
        return sound[start : start + count]
    if variant == "64 kbit/s":
        return through_ffmpeg(through_ffmpeg(sound, "-b:a", "64k", "-f", "mp3"), decode=True)
    if variant == "pitch +2":
        step = 2 ** (2 / 12)
        change = f"asetrate={RATE_HZ * step:.0f},aresample={RATE_HZ},atempo={1 / step}"
        return through_ffmpeg(sound, "-af", change, raw=True)
    return sound


def through_ffmpeg(sound, *options, decode=False, raw=False):
    """A sound after FFmpeg: encoded as the options say, decoded from bytes, or filtered (raw)."""
    raw_form = ["-f", "f32le", "-ar", str(RATE_HZ), "-ac", "2"]
    given = [] if decode else raw_form
    wanted = raw_form if decode or raw else []
    data = sound if decode else sound.astype("<f4").tobytes()
    command = ["ffmpeg", "-v", "error", *given, "-i", "-", *options, *wanted, "-"]
    out = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return np.frombuffer(out, "<f4").reshape(-1, 2) if wanted else out
