"""From compilations of known songs, with planted duplicates, to a manifest: how much is right?

    python benchmarks/corpus.py --data FOLDER --packages FOLDER --work FOLDER [--tracks 30]

FOLDER of --data holds game_moods/tracks.csv (package, path, member, emotion); --packages holds
each Debian package unpacked under its name. Compilations are made under --work once.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import subprocess
import time
import zipfile
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import soundfile
import soxr

from moodprint.corpus.build import build

RATE_HZ = 44_100
PIECES_A_FILE = 12
WITHIN_S = 0.5
VARIANTS = (
    "64 kbit/s",
    "speed +3 %",
    "speed +8 %",
    "pitch +2",
    "excerpt 30 s",
    "excerpt 10 s",
    "renamed",
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--packages", type=Path, required=True)
    words.add_argument("--work", type=Path, required=True)
    words.add_argument("--tracks", type=int, default=0, help="so many tracks only; 0 is all")
    words.add_argument("--planted", type=int, default=10, help="copies of each variant")
    asked = words.parse_args()
    truth_path = asked.work / "truth.json"
    if not truth_path.exists():
        tracks = list(csv.DictReader((asked.data / "game_moods" / "tracks.csv").open()))
        make(tracks[:: max(1, len(tracks) // (asked.tracks or len(tracks)))], asked)
    truth = json.loads(truth_path.read_text())
    took = timed_build(asked.work)
    report = json.loads((asked.work / "corpus" / "report.json").read_text())
    print_boundaries(truth, report)
    print_duplicates(truth, report)
    hours = sum(file["duration_s"] for file in truth) / 3600
    for name, seconds in took.items():
        print(
            f"{hours:.2f} h in {seconds:.0f} s of {name}: {hours * 3600 / seconds:.0f} x real time"
        )


# ---- compilations


def make(tracks: list[dict[str, str]], asked: argparse.Namespace) -> None:
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
    raw_form = ["-f", "f32le", "-ar", str(RATE_HZ), "-ac", "2"]
    given = [] if decode else raw_form
    wanted = raw_form if decode or raw else []
    data = sound if decode else sound.astype("<f4").tobytes()
    command = ["ffmpeg", "-v", "error", *given, "-i", "-", *options, *wanted, "-"]
    out = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return np.frombuffer(out, "<f4").reshape(-1, 2) if wanted else out


# ---- scores


def timed_build(work: Path) -> dict[str, float]:
    began, used = time.monotonic(), cpu_s()
    last = ["", began]

    def progress(step: str, _done: int, total: int) -> None:
        if step != last[0]:
            print(f"{step} ({total})", flush=True)
        last[0] = step

    build(work / "sources", work / "corpus", progress=progress)
    return {"wall clock": time.monotonic() - began, "CPU time": cpu_s() - used}


def cpu_s() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


def print_boundaries(truth: list[dict], report: dict) -> None:
    songs = defaultdict(list)
    for song in report["songs"]:
        songs[song["source"]].append((song["start_s"], song["end_s"]))
    joins = cuts = hit = right = 0
    edges = pieces = 0
    rests = Counter()
    for file in truth:
        found = sorted(songs[file["source"]])
        gaps = [(a[1], b[0]) for a, b in pairwise(found)]
        true = [(a["end_s"], b["start_s"]) for a, b in pairwise(file["pieces"])]
        good = [
            [gap[0] <= join[0] + WITHIN_S and gap[1] >= join[1] - WITHIN_S for gap in gaps]
            for join in true
        ]
        joins, cuts = joins + len(true), cuts + len(gaps)
        hit += sum(any(row) for row in good)
        right += sum(any(row[number] for row in good) for number in range(len(gaps)))
        pieces += len(file["pieces"])
        edges += sum(
            any(
                abs(start_s - piece["sound_from_s"]) <= WITHIN_S
                and abs(end_s - piece["sound_to_s"]) <= WITHIN_S
                for start_s, end_s in found
            )
            for piece in file["pieces"]
        )  # fmt: skip
        rests[file["source"]] += sum(
            not any(row[number] for row in good) for number in range(len(gaps))
        )
    print(f"\nboundaries: {joins} joins, {cuts} cuts")
    print(f"recall {hit / joins:.4f}, precision {right / cuts:.4f}")
    print(f"cuts at rests within songs, by file: {dict(+rests)}")
    print(
        f"songs whose start and end both lie within {WITHIN_S} s: {edges / pieces:.4f} of {pieces}"
    )


def print_duplicates(truth: list[dict], report: dict) -> None:
    piece_of = {song["song_id"]: piece_under(song, truth) for song in report["songs"]}
    group_of = {song["song_id"]: song["group"] for song in report["songs"]}
    pairs = {
        tuple(sorted((item["first"], item["second"])))
        for item in report["evidence"]
        if item["method"] in ("landmarks", "chroma")
    }
    in_group = defaultdict(list)
    for song, group in group_of.items():
        in_group[group].append(song)
    joined = {tuple(sorted(pair)) for songs in in_group.values() for pair in combinations(songs, 2)}
    print("\nduplicates found (share of planted copies joined with their original)")
    rows = {"groups": joined, "all methods": pairs}
    for method in ("landmarks", "chroma", "names"):
        rows[method] = {
            tuple(sorted((item["first"], item["second"])))
            for item in report["evidence"]
            if item["method"] == method
        }
    print(f"{'variant':<14}" + "".join(f"{name:>14}" for name in rows))
    for variant in VARIANTS:
        print(
            f"{variant:<14}"
            + "".join(
                f"{share_found(variant, found, piece_of, truth):>14}" for found in rows.values()
            )
        )
    print(
        f"{'all':<14}"
        + "".join(f"{share_found(None, found, piece_of, truth):>14}" for found in rows.values())
    )
    wrong = {
        name: [pair for pair in found if other_track(pair, piece_of)]
        for name, found in rows.items()
    }
    print(f"{'false pairs':<14}" + "".join(f"{len(pairs):>14}" for pairs in wrong.values()))
    for pair in wrong["all methods"][:20]:
        print(
            "  joined:",
            [piece_of[song] for song in pair],
            [
                (item["method"], item["score"])
                for item in report["evidence"]
                if tuple(sorted((item["first"], item["second"]))) == pair
            ],
        )
    print("agreement:", report["agreement"])


def piece_under(song: dict, truth: list[dict]) -> tuple[int, str] | None:
    """The piece that most of a song lies in."""
    (file,) = [file for file in truth if file["source"] == song["source"]]
    overlap = [
        min(song["end_s"], piece["end_s"]) - max(song["start_s"], piece["start_s"])
        for piece in file["pieces"]
    ]
    best = int(np.argmax(overlap))
    piece = file["pieces"][best]
    return (piece["track"], piece["variant"]) if overlap[best] > 0 else None


def share_found(variant: str | None, found: set, piece_of: dict, truth: list[dict]) -> str:
    """Planted copies that are paired with any song of the same track but themselves."""
    planted = [
        (piece["track"], piece["variant"])
        for file in truth
        for piece in file["pieces"]
        if piece["variant"] != "original" and variant in (None, piece["variant"])
    ]
    linked = set()
    for pair in found:
        one, two = (piece_of[song] for song in pair)
        if one and two and one[0] == two[0] and one != two:
            linked |= {one, two}
    return f"{sum(piece in linked for piece in planted)}/{len(planted)}"


def other_track(pair: tuple[str, str], piece_of: dict) -> bool:
    one, two = (piece_of[song] for song in pair)
    return one is not None and two is not None and one[0] != two[0]


if __name__ == "__main__":
    main()
