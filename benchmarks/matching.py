"""Matching beside chromaprint: recall, false matches, index size and time a query, as songs grow.

    python benchmarks/matching.py --data MUSIC [--speech SPEECH] [--songs 40]

Half as many songs again as are indexed are kept out: their queries must find nothing.
Excerpts go through ffmpeg (rubberband for the stretches of one of tempo and pitch). An index grows
to its size with distractors made of the peaks of the indexed songs: sections of 10 to 25 s, in
random order, stretched to 0.55 to 0.75 or 1.33 to 1.6 times their length and shifted by 5 to 9
semitones, far beyond what any of the queries tolerates. They load the index with the keys of real
music and are nobody's match.
A false match is a match of another track than the query's own. Its share has an exact interval
(Clopper and Pearson, 1934): of 3,700 queries without one the share is below 1 in 1,000.
Chromaprint's fingerprints are compared at every offset; for each length the highest score of a song
that was kept out is its threshold, so it too makes no false match. audfprint is not on PyPI, so it
takes no part. Times are CPU time.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching_distractors import distractors
from moodprint.audio.decode import decode
from moodprint.audio.media import find_media, probe
from moodprint.errors import InputError
from moodprint.fingerprint import MatchIndex

RATE_HZ = 22_050
VARIANTS: dict[str, str] = {
    "plain": "",
    "mp3 64k": "",
    "speed -8 %": "aresample=44100,asetrate=40572,aresample=22050",
    "speed +8 %": "aresample=44100,asetrate=47628,aresample=22050",
    "tempo -10 %": "rubberband=tempo=0.9",
    "tempo +10 %": "rubberband=tempo=1.1",
    "pitch -2": f"rubberband=pitch={2 ** (-1 / 6)}",
    "pitch +2": f"rubberband=pitch={2 ** (1 / 6)}",
    "speech 0 dB": "",
}


@dataclass(frozen=True)
class Query:
    """The first ``seconds`` of a rendered excerpt of a song (by its path)."""

    file: Path
    song: Path
    variant: str
    seconds: int


def choose(folder: Path, count: int, seed: int) -> list[Path]:
    """Songs of 1 to 10 minutes in random order, each folder in its turn."""
    chance = random.Random(seed)
    by_folder: dict[Path, list[Path]] = {}
    for path in find_media(folder):
        by_folder.setdefault(path.parent, []).append(path)
    turns = [chance.sample(files, len(files)) for files in by_folder.values()]
    chosen: list[Path] = []
    while any(turns) and len(chosen) < count:
        drawn = [files.pop() for files in chance.sample(turns, len(turns)) if files]
        chosen += [path for path in drawn if _is_song(path)]
    return chosen[:count]


def _is_song(path: Path) -> bool:
    try:
        return 60 <= (probe(path).duration_s or 0) <= 600
    except InputError:
        return False


def queries(
    songs: list[Path], lengths: list[int], speech: list[Path], out: Path
) -> Iterator[Query]:
    """Each song's excerpt in each variant and length; without speech where none was given."""
    for number, song in enumerate(songs):
        chance = random.Random(number)
        start_s = chance.uniform(2, (probe(song).duration_s or 60) - max(lengths) * 1.15 - 1)
        for variant, chain in VARIANTS.items():
            if variant == "speech 0 dB" and not speech:
                continue
            whole = out / f"{number}_{variant.replace(' ', '_')}.wav"
            _render(song, start_s, max(lengths), variant, chain, whole)
            if variant == "speech 0 dB":
                _mix_speech(whole, chance.sample(speech, min(12, len(speech))))
            for seconds in lengths:
                yield Query(whole, song, variant, seconds)


def _render(song: Path, start_s: float, length_s: int, variant: str, chain: str, out: Path) -> None:
    part = ["-ss", f"{start_s:.3f}", "-t", f"{length_s * 1.12:.3f}", "-i", str(song), "-vn"]
    if variant == "mp3 64k":
        coded = out.with_suffix(".mp3")
        _ffmpeg(*part, "-b:a", "64k", str(coded))
        part = ["-i", str(coded)]
    filters = ["-af", chain] if chain else []
    form = ["-ac", "1", "-ar", str(RATE_HZ), "-t", str(length_s)]
    _ffmpeg(*part, *filters, *form, str(out))


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words], check=True, stdin=subprocess.DEVNULL)


def _mix_speech(file: Path, speech: list[Path]) -> None:
    import soundfile

    music, _ = soundfile.read(file)
    parts = [decode(path, sample_rate_hz=RATE_HZ, mono=True).mono for path in speech]
    voice = np.resize(np.concatenate(parts), len(music))
    mixed = music / (music.std() + 1e-9) + voice / (voice.std() + 1e-9)
    soundfile.write(file, 0.09 * mixed, RATE_HZ)


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    z, p = 1.96, found / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def exact(found: int, of: int) -> str:
    """A share with its exact 95 % interval (Clopper and Pearson, 1934)."""
    from scipy.stats import beta

    low = 0.0 if found == 0 else float(beta.ppf(0.025, found, of - found + 1))
    high = 1.0 if found == of else float(beta.ppf(0.975, found + 1, of - found))
    return f"{found} of {of} = {found / of:.5f} [{low:.5f}, {high:.5f}]"


@dataclass(frozen=True)
class Answer:
    """What was found for a query: the song's own score, and the best score of another track."""

    query: Query
    own: float
    other: float
    other_track: str
    cpu_s: float


def ask(index: MatchIndex, query: Query) -> Answer:
    start = time.process_time()
    matches = index.query(decode(query.file, stop_s=query.seconds))
    spent = time.process_time() - start
    own = [match.score for match in matches if match.track == str(query.song)]
    others = [(match.score, match.track) for match in matches if match.track != str(query.song)]
    best = max(others, default=(0.0, ""))
    return Answer(query, max(own, default=0.0), *best, spent)


def tell(answers: list[Answer], known: set[Path]) -> None:
    """Recall a variant and length with its interval, then false matches."""
    for seconds in sorted({answer.query.seconds for answer in answers}):
        for variant in VARIANTS:
            rows = [a for a in answers if (a.query.variant, a.query.seconds) == (variant, seconds)]
            ours = [answer for answer in rows if answer.query.song in known]
            if ours:
                found = sum(answer.own > 0 for answer in ours)
                low, high = wilson(found, len(ours))
                share = f"{found}/{len(ours)} = {found / len(ours):.3f} [{low:.3f}, {high:.3f}]"
                print(f"  {seconds:3d} s  {variant:12s} found {share}", flush=True)
    false = [answer for answer in answers if answer.other > 0]
    print(f"  queries with a match of another track: {exact(len(false), len(answers))}")
    for answer in sorted(false, key=lambda answer: -answer.other)[:12]:
        name = f"{answer.query.song.name} [{answer.query.variant}, {answer.query.seconds} s]"
        print(f"    {answer.other:6.1f}  {name} -> {Path(answer.other_track).name}")
    spent = sorted(answer.cpu_s for answer in answers)
    worst = spent[int(0.95 * (len(spent) - 1))]
    print(f"  CPU a query: median {spent[len(spent) // 2]:.2f} s, 95th percentile {worst:.2f} s")


def chromaprint(songs: list[Path], asked: list[Query], known: set[Path]) -> None:
    """Recall of fpcalc's fingerprints at the lowest threshold without a false match."""
    if not shutil.which("fpcalc"):
        print("chromaprint: fpcalc is not installed (Debian: libchromaprint-tools); skipped")
        return
    prints = {song: _fpcalc(song) for song in songs if song in known}
    best: dict[Query, tuple[float, float]] = {}
    for query in asked:
        part = _fpcalc(query.file, query.seconds)
        scores = {song: _bits_alike(part, known) for song, known in prints.items()}
        others = [score for song, score in scores.items() if song != query.song]
        best[query] = scores.get(query.song, 0.0), max(others, default=0.0)
    print(f"chromaprint among {len(prints)} songs:")
    for seconds in sorted({query.seconds for query in asked}):
        apart = [q for q in asked if q.seconds == seconds and q.song not in known]
        limit = max(best[query][1] for query in apart)
        print(f"  {seconds:3d} s: bits alike above {limit:.3f}")
        for variant in VARIANTS:
            rows = [
                best[q][0] > max(limit, best[q][1])
                for q in asked
                if (q.variant, q.seconds) == (variant, seconds) and q.song in known
            ]
            if rows:
                print(f"  {seconds:3d} s  {variant:12s} found {sum(rows)}/{len(rows)}")


def _fpcalc(file: Path, seconds: int = 0) -> np.ndarray:
    """Words of 32 bits, 8 a second, of the first seconds; 0 means all."""
    words = ["fpcalc", "-raw", "-json", "-length", str(seconds), str(file)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    return np.array(json.loads(answer)["fingerprint"] if answer else [], np.uint32)


def _bits_alike(query: np.ndarray, track: np.ndarray) -> float:
    """The largest share of equal bits over all offsets at which the query lies in the track."""
    if not len(query) or len(track) < len(query):
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(track, len(query))
    different = np.bitwise_count(windows ^ query).sum(axis=1)
    return 1 - float(different.min()) / (32 * len(query))


def timed(text: str, work: Callable[[], object]) -> None:
    start = time.process_time()
    work()
    print(f"{text}: {time.process_time() - start:.1f} s CPU", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of music")
    parser.add_argument("--speech", type=Path, help="a folder of speech, to be mixed over it")
    parser.add_argument("--songs", type=int, default=40)
    parser.add_argument("--lengths", type=int, nargs="+", default=[5, 15, 30])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    songs = choose(options.data, options.songs * 3 // 2, options.seed)
    known = set(songs[: options.songs])
    speech = find_media(options.speech) if options.speech else []
    with tempfile.TemporaryDirectory() as folder:
        index = MatchIndex.create(Path(folder) / "index")
        timed(f"{len(known)} songs indexed", lambda: index.add(songs[: options.songs]))
        seconds = sum(track.duration_s for track in index.tracks)
        asked = list(queries(songs, options.lengths, speech, Path(folder)))
        print(f"{seconds / 3600:.1f} h of known songs, {len(asked)} queries", flush=True)
        chromaprint(songs, asked, known)
        for size in options.sizes:
            timed("distractors", lambda size=size: distractors(index, known, size, options.seed))
            stored = sum(f.stat().st_size for f in Path(folder, "index").rglob("*") if f.is_file())
            hours = sum(track.duration_s for track in index.tracks) / 3600
            print(
                f"{len(index.tracks)} songs, {hours:.0f} h: {stored / 2**20:.0f} MiB, "
                f"{stored / len(index.tracks) / 1000:.1f} kB a song",
                flush=True,
            )
            some = asked if size == options.sizes[0] else [q for q in asked if q.seconds == 15]
            tell([ask(index, query) for query in some], known)


if __name__ == "__main__":
    main()
