"""The answer before and after what happens to music on its way: coding, bands, rooms, voices.

    python benchmarks/robustness.py --music DIR [--music DIR2] [--data DIR] [--most 60]

prints a table, a row a condition. Speech is that of DIR/not_music (the labelled data folder), or of
espeak-ng where that is installed; without both, those rows are left out. The same files give
the same table.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")

from changes import RATE_HZ, changes
from measure import machine
from moodprint.audio.decode import decode
from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import find_media, probe
from moodprint.clip import Clip, FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import MoodprintError, NoMediaFoundError
from moodprint.evaluation.bootstrap import group_bootstrap
from moodprint.prediction import Presence, Timeline
from moodprint.recognition.analyzer import Analyzer

_SHORTEST_S = 10.0
_SPEECH_CLIPS = 40
_WORDS = (
    "This is what they do not tell you. Watch closely, because it will be gone tomorrow. "
    "Share it with everybody you know, before it is too late, and say what you think below."
)


@dataclass(frozen=True)
class WholeAnswer:
    """An answer in numbers: ``music`` [S] tells which segments are music; all else is None
    where no music was heard."""

    music: np.ndarray
    probabilities: np.ndarray | None
    valence: float | None
    arousal: float | None

    @classmethod
    def of(cls, answer: Timeline) -> WholeAnswer:
        music = np.array([s.presence is Presence.MUSIC for s in answer.segments])
        whole = answer.overall
        if whole.emotion is None:
            return cls(music, None, None, None)
        probabilities = np.array([whole.probabilities[emotion] for emotion in EMOTIONS])
        return cls(music, probabilities, whole.valence, whole.arousal)


@dataclass(frozen=True)
class Row:
    """A condition over all tracks: shares in [0, 1], and means of absolute changes."""

    name: str
    same: float
    low: float
    high: float
    probability: float
    valence: float
    arousal: float
    still_music: float


def tracks(folders: Sequence[Path], most: int) -> list[Path]:
    """At most so many files of 10 s or more, spread evenly over the folders.

    Raises:
        NoMediaFoundError: there are none.
    """
    found = [path for folder in folders for path in find_media(folder) if _long_enough(path)]
    if not found:
        raise NoMediaFoundError(f"{', '.join(map(str, folders))}: no music of 10 s or more there")
    step = max(1.0, len(found) / most)
    return [found[int(n * step)] for n in range(min(most, len(found)))]


def speech_of(data: Path | None) -> FloatArray | None:
    """A stretch of speech [N] at RATE_HZ, or None where there is none to be had."""
    if data is not None:
        with (data / "not_music" / "labels.csv").open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["presence"] == "speech"]
        paths = [data / "not_music" / row["file"] for row in rows[:_SPEECH_CLIPS]]
        clips = [decode(path, sample_rate_hz=RATE_HZ, mono=True).mono for path in paths]
        return np.concatenate([clip / max(1e-6, float(np.abs(clip).max())) for clip in clips])
    if shutil.which("espeak-ng") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-w", str(path), _WORDS], check=True)
        return decode(path, sample_rate_hz=RATE_HZ, mono=True).mono


def track_answers(
    path: Path, seconds: float, speech: FloatArray | None, model: str | None
) -> dict[str, WholeAnswer] | None:
    """The answers for the middle of a track: as it is ('') and by condition; None where it is no
    music to begin with, or cannot be read."""
    try:
        samples = _middle(path, seconds)
        before = _analyzed(samples, model)
    except MoodprintError:
        return None
    if before.probabilities is None:
        return None
    every = changes(_from_within(speech, path) if speech is not None else None)
    return {"": before, **{name: _analyzed(do(samples), model) for name, do in every.items()}}


def compared(name: str, pairs: Sequence[tuple[WholeAnswer, WholeAnswer]]) -> Row:
    """``pairs`` are answers before and after; no music heard after is another answer."""
    same = np.array([_same_top(before, after) for before, after in pairs], float)
    interval = group_bootstrap(np.mean, np.arange(len(same)), same)
    both = [(b, a) for b, a in pairs if a.probabilities is not None]
    changed = np.array(
        [
            (np.abs(a.probabilities - b.probabilities).mean(),
             abs(a.valence - b.valence), abs(a.arousal - b.arousal))
            for b, a in both
        ]
    ).reshape(-1, 3)  # fmt: skip
    still = [_still_music(before.music, after.music) for before, after in pairs]
    means = changed.mean(axis=0) if len(changed) else np.full(3, np.nan)
    return Row(name, interval.value, interval.low, interval.high, *means, float(np.mean(still)))


def table(rows: Sequence[Row]) -> str:
    lines = [
        "| condition | same emotion | 95 % | change of a probability | of valence | of arousal "
        "| still heard as music |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        changed = f"{row.probability:.3f} | {row.valence:.3f} | {row.arousal:.3f}"
        interval = f"{row.low:.0%} to {row.high:.0%}"
        lines.append(
            f"| {row.name} | {row.same:.0%} | {interval} | {changed} | {row.still_music:.0%} |"
        )
    return "\n".join(lines)


def _same_top(before: WholeAnswer, after: WholeAnswer) -> bool:
    if before.probabilities is None or after.probabilities is None:
        return False
    return bool(before.probabilities.argmax() == after.probabilities.argmax())


def _still_music(before: np.ndarray, after: np.ndarray) -> float:
    """The share of segments of music that still are, place by place (a change of speed shifts
    them by a segment at most)."""
    places = np.flatnonzero(before)
    moved = np.minimum(np.round(places * len(after) / len(before)).astype(int), len(after) - 1)
    return float(after[moved].mean()) if len(places) else 1.0


def _analyzed(samples: FloatArray, model: str | None) -> WholeAnswer:
    return WholeAnswer.of(_analyzer(model).clip(Clip(samples, RATE_HZ)))


@lru_cache(maxsize=1)
def _analyzer(model: str | None) -> Analyzer:
    return Analyzer(model)


def _middle(path: Path, seconds: float) -> FloatArray:
    return Excerpt.middle(path, seconds).decode(sample_rate_hz=RATE_HZ, mono=True).mono


def _from_within(speech: FloatArray, path: Path) -> FloatArray:
    """The speech from a place that the name of the track chooses, so that voices differ."""
    return np.roll(speech, -(sum(path.name.encode()) * 7919 * RATE_HZ) % len(speech))


def _long_enough(path: Path) -> bool:
    try:
        return (probe(path).duration_s or 0.0) >= _SHORTEST_S
    except MoodprintError:
        return False


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--music", type=Path, action="append", required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--model", help="a shipped model or the path of a bundle")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args(words)
    try:
        chosen, speech = tracks(options.music, options.most), speech_of(options.data)
    except MoodprintError as error:
        print(error, file=sys.stderr)
        return 1
    job = partial(track_answers, seconds=options.seconds, speech=speech, model=options.model)
    with ProcessPoolExecutor(options.workers) as pool:
        answers = [answer for answer in pool.map(job, chosen) if answer is not None]
    if not answers:
        print("no music was heard in any of the files", file=sys.stderr)
        return 1
    names = [name for name in answers[0] if name]
    print(table([compared(name, [(each[""], each[name]) for each in answers]) for name in names]))
    print(f"\n{len(answers)} of {len(chosen)} tracks, {options.seconds:g} s each; {machine()}")
    if speech is None:
        print("without speech: name the labelled data with --data, or install espeak-ng")
    return 0


if __name__ == "__main__":
    sys.exit(main())
