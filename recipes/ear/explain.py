"""Fit the surrogate that explains an ear: from the cues of music to what the network answers.

    python -m recipes.ear.explain --data DATA --pool POOL --made MADE --cues CUES --bundle BUNDLE

writes BUNDLE/explanation.json and prints how well the surrogate agrees with the network on groups
and on corpora that it was not fitted to. The cues of the music are measured once and kept in CUES
(5 min of one core); for another ear only its answers are asked anew (3 min). No label takes part.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import open_bundle
from moodprint.clip import Clip
from moodprint.emotion import EMOTIONS
from moodprint.errors import MoodprintError
from moodprint.files import atomic_file, write_atomically
from moodprint.recognition.analyzer import Analyzer
from moodprint.recognition.explanation.cues.listener import recorded
from moodprint.recognition.explanation.cues.measure import measured
from moodprint.recognition.explanation.cues.spectra import SAMPLE_RATE_HZ
from moodprint.recognition.explanation.cues.table import CUES
from moodprint.recognition.settings import AnalysisSettings
from recipes.ear.prepare import prepared_path
from recipes.ear.sources import Item, all_items
from recipes.ear.surrogate import Fitted, Segments, agreement_figures, fit

CORPORA = ("4q", "musifeast17", "game_moods", "scp_fear", "pool")
MOST, LONGEST_S, SEGMENT_S = 300, 30.0, 5.0
"""Items of a corpus, spread over it, and how much of the middle of each."""


def measured_cues(item: Item, folder: Path) -> np.ndarray:
    """[S, C] of the stretches of 5 s in the middle of an item, kept in the folder."""
    target = prepared_path(folder, item, "cues")
    if target.exists():
        return np.load(target)["cues"]
    samples = middle_of(item.path)
    recording = recorded(samples)
    rows = []
    for start in range(int(len(samples) / SAMPLE_RATE_HZ / SEGMENT_S)):
        stretch = recording.stretch((start * SEGMENT_S, (start + 1) * SEGMENT_S))
        values = measured(stretch).values
        rows.append([_scaled(name, values[name]) for name in CUES])
    cues = np.array(rows).reshape(-1, len(CUES))
    with atomic_file(target) as file:
        np.savez(file, cues=cues)
    return cues


def middle_of(path: Path) -> np.ndarray:
    """Mono samples [N] of the middle of a file, at most ``LONGEST_S`` seconds."""
    return Excerpt.middle(path, LONGEST_S).decode(sample_rate_hz=SAMPLE_RATE_HZ, mono=True).mono


def segments_of(item: Item, folder: Path, bundle: str) -> Segments | str:
    """An item's segments of music, or why there are none."""
    try:
        cues = measured_cues(item, folder)
        clip = Clip(middle_of(item.path), SAMPLE_RATE_HZ)
        segments = _analyzer(bundle).clip(clip).segments[: len(cues)]
    except MoodprintError as error:
        return str(error)
    predicted = [s.prediction.probabilities for s in segments if s.prediction.emotion]
    kept = [n for n, s in enumerate(segments) if s.prediction.emotion]
    answers = np.array([[p[e] for e in EMOTIONS] for p in predicted]).reshape(-1, len(EMOTIONS))
    count = len(kept)
    return Segments(cues[kept], answers, np.full(count, item.group), np.full(count, item.corpus))


def spread(items: list[Item]) -> list[Item]:
    """At most MOST of each corpus of music."""
    chosen = []
    for corpus in CORPORA:
        own = [item for item in items if item.corpus == corpus]
        chosen += own[:: max(1, math.ceil(len(own) / MOST))]
    return chosen


def _scaled(name: str, value: float | None) -> float:
    return np.nan if value is None else CUES[name].scaled(value)


@cache
def _analyzer(bundle: str) -> Analyzer:
    return Analyzer(bundle, AnalysisSettings(segment_s=SEGMENT_S, hop_s=SEGMENT_S))


def gather(items: list[Item], job: Callable[[Item], Segments | str], workers: int) -> Segments:
    """The segments of all items, by several processes; what fails is printed and left out."""
    parts = []
    with ProcessPoolExecutor(workers) as pool:
        for number, result in enumerate(pool.map(job, items, chunksize=4), 1):
            if isinstance(result, Segments):
                parts.append(result)
            else:
                print(result, flush=True)
            if number % 200 == 0:
                print(f"{number} of {len(items)}", flush=True)
    return Segments(
        *(
            np.concatenate([getattr(p, name) for p in parts])
            for name in Segments.__dataclass_fields__
        )
    )


def explanation_fields(
    fitted: Fitted, segments: Segments, figures: dict[str, Any], bundle: str
) -> dict[str, Any]:
    """What goes into explanation.json."""
    opened, half = open_bundle(bundle), len(CUES)
    effects = {
        name: {
            "unit": kind.unit,
            "scale": "octaves" if kind.ratio else "as it is",
            "mean": round(float(fitted.mean[n]), 4),
            "deviation": round(float(fitted.deviation[n]), 4),
            "slope": _by_emotion(fitted.weights[n]),
            "bend": _by_emotion(fitted.weights[half + n]),
        }
        for n, (name, kind) in enumerate(CUES.items())
    }
    return {
        "explains": {"model": opened.name, "sha256": opened.card.files["ear.onnx"]},
        "agreement": figures,
        "intercept": _by_emotion(fitted.intercept),
        "cues": effects,
        "data": [
            {"corpus": corpus, "segments": int((segments.corpus == corpus).sum())}
            for corpus in sorted(set(segments.corpus))
        ],
        "recipe": "recipes/ear/explain.py",
        "licence": "Apache-2.0",
    }


def _by_emotion(values: np.ndarray) -> dict[str, float]:
    """Only differences between emotions matter, so that each row sums to 0."""
    centred = values - values.mean()
    return {str(e): round(float(v), 4) for e, v in zip(EMOTIONS, centred, strict=True)}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "cues"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--bundle", required=True, help="the folder of an ear")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    items = spread(all_items(options.data, options.pool, options.made))
    job = partial(segments_of, folder=options.cues, bundle=options.bundle)
    segments = gather(items, job, options.workers)
    figures = agreement_figures(segments)
    print(json.dumps(figures, indent=2))
    text = json.dumps(
        explanation_fields(fit(segments), segments, figures, options.bundle), indent=2
    )
    write_atomically(Path(options.bundle) / "explanation.json", text + "\n")


if __name__ == "__main__":
    main()
