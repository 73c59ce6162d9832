"""From compilations of known songs, with planted duplicates, to a manifest: how much is right?

    python benchmarks/corpus.py --data FOLDER --packages FOLDER --work FOLDER [--tracks 30]

FOLDER of --data holds game_moods/tracks.csv (package, path, member, emotion); --packages holds
each Debian package unpacked under its name. Compilations are made under --work once.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import time
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from compilations import VARIANTS, make
from moodprint.corpus.build import build

WITHIN_S = 0.5


def main() -> None:
    """Print how many joins and duplicates were found, and how long it took."""
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


def timed_build(work: Path) -> dict[str, float]:
    """Build the corpus of work/sources; seconds by kind of clock."""
    began, used = time.monotonic(), cpu_s()
    last = ["", began]

    def progress(step: str, _done: int, total: int) -> None:
        if step != last[0]:
            print(f"{step} ({total})", flush=True)
        last[0] = step

    build(work / "sources", work / "corpus", progress=progress)
    return {"wall clock": time.monotonic() - began, "CPU time": cpu_s() - used}


def cpu_s() -> float:
    """CPU time of this process and of those it waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


def print_boundaries(truth: list[dict], report: dict) -> None:
    """How many joins of pieces were cut, and how many cuts are at joins."""
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
    """By variant and method, how many planted copies were found, and how many pairs are wrong."""
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
    """Whether a pair joins two different tracks."""
    one, two = (piece_of[song] for song in pair)
    return one is not None and two is not None and one[0] != two[0]


if __name__ == "__main__":
    main()
