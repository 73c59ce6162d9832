"""Whether music sounds as it was asked to, by recognisers that took no part in making it.

    python benchmarks/mood_agreement.py --data DATA --music DIR [--music DIR2]

DIR holds sounds whose names begin with an emotion (``fear-03.wav``), or a ``labels.csv`` of files
and emotions: real music, which shows what these recognisers can tell at all. There are two of them:

- YAMNet's classes of AudioSet: happy, sad, tender (calm), angry, scary (fear) music;
- the mood heads of MTG on MusiCNN: happy, sad, relaxed (calm), aggressive (angry), and for fear how
  unpleasant it is by the regressions of emoMusic and MuSe (valence, turned round).

Scores are means over time, standardised over the whole set. A row an emotion: ``first``, the share
of its pieces whose highest score is that emotion's (chance 1 in 5), and ``ranked``, how often such
a piece has more of its emotion than a piece asked to be another (chance 1 in 2), with intervals of
95 % over pieces. DATA is the labelled data; needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from recipes.ear.opinions import MoodHead
from recipes.ear.teachers import ROW_S, MusiCNN, Yamnet

from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import find_media
from moodprint.emotion import EMOTIONS
from moodprint.text_input import read_csv

LONGEST_S = 60.0

_YAMNET = {"angry": 275, "calm": 273, "fear": 276, "happy": 271, "sad": 272}
_HEADS = {"angry": "aggressive", "calm": "relaxed", "happy": "happy", "sad": "sad"}
_VALENCE = ("emomusic", "muse")
"""Regressions whose first output is valence."""

_RESAMPLES = 1_000


class Recognisers:
    """Both, loaded once."""

    def __init__(self, data: Path) -> None:
        folder = data / "teacher" / "heads"
        self._yamnet = Yamnet(data / "teacher" / "yamnet.tflite")
        self._musicnn = MusiCNN()
        self._heads = {
            emotion: MoodHead.load(folder, f"mood_{name}", name) for emotion, name in _HEADS.items()
        }
        self._valence = [MoodHead.load(folder, name, "") for name in _VALENCE]

    def __call__(self, path: Path) -> dict[str, list[float]]:
        """Scores of the five emotions by recogniser."""
        clip = Excerpt.middle(path, LONGEST_S).decode(sample_rate_hz=16_000, mono=True)
        rows = max(1, int(clip.duration_s / ROW_S))
        logits = self._yamnet.infer(clip.mono, rows).logits.mean(axis=0)
        outputs = self._musicnn.infer(clip.mono, rows)
        dense = outputs.embedding[outputs.asked]
        heads = {name: float(head(dense).mean()) for name, head in self._heads.items()}
        valence = np.mean([head(dense)[:, 0].mean() for head in self._valence])
        heads["fear"] = -float(valence)
        return {
            "YAMNet": [float(logits[_YAMNET[emotion]]) for emotion in EMOTIONS],
            "mood heads": [heads[emotion] for emotion in EMOTIONS],
        }


def pieces(folder: Path, most: int) -> list[tuple[Path, int]]:
    """The sounds of a folder with the number of the emotion that each was asked to have; of each
    emotion at most so many, evenly spread."""
    names = [str(emotion) for emotion in EMOTIONS]
    if (folder / "labels.csv").is_file():
        rows = [row.cells for row in read_csv(folder / "labels.csv").rows]
        found = [(folder / row["file"], row["emotion"]) for row in rows]
    else:
        found = [(path, path.name.partition("-")[0]) for path in find_media(folder)]
    kept = []
    for number, name in enumerate(names):
        of_it = [path for path, emotion in found if emotion == name]
        count = min(most, len(of_it)) if most else len(of_it)
        kept += [(of_it[place * len(of_it) // count], number) for place in range(count)]
    return kept


def agreement(scores: np.ndarray, asked: np.ndarray, emotion: int) -> tuple[float, float]:
    """``first`` and ``ranked`` of an emotion, of standardised scores [N, 5]."""
    mine, others = scores[asked == emotion], scores[asked != emotion]
    first = float(np.mean(mine.argmax(axis=1) == emotion))
    ranked = float(np.mean(mine[:, emotion, None] > others[None, :, emotion]))
    return first, ranked


def table(scores: np.ndarray, asked: np.ndarray) -> list[str]:
    """Markdown, a row an emotion and one of their means."""
    scores = (scores - scores.mean(axis=0)) / (scores.std(axis=0) + 1e-9)
    rng = np.random.default_rng(0)
    groups = [np.flatnonzero(asked == number) for number in range(len(EMOTIONS))]
    there = [number for number, group in enumerate(groups) if len(group)]
    draws = []
    for _ in range(_RESAMPLES):
        chosen = np.concatenate([rng.choice(group, len(group)) for group in groups if len(group)])
        draws.append([agreement(scores[chosen], asked[chosen], number) for number in there])
    lows, highs = np.quantile(draws, (0.025, 0.975), axis=0)
    values = np.array([agreement(scores, asked, number) for number in there])
    lines = []
    for place, number in enumerate(there):
        cells = [
            f"{values[place, k]:.2f} [{lows[place, k]:.2f}, {highs[place, k]:.2f}]" for k in (0, 1)
        ]
        lines.append(f"| {EMOTIONS[number]} | {len(groups[number])} | {' | '.join(cells)} |")
    means = np.mean(draws, axis=1)
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    cells = [f"{values[:, k].mean():.2f} [{low[k]:.2f}, {high[k]:.2f}]" for k in (0, 1)]
    return [*lines, f"| mean | {len(asked)} | {' | '.join(cells)} |"]


def main(words: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--music", type=Path, action="append", required=True)
    parser.add_argument("--most", type=int, default=0, help="pieces of an emotion; 0 takes all")
    options = parser.parse_args(words)
    recognisers = Recognisers(options.data)
    for folder in options.music:
        found = pieces(folder, options.most)
        scored = [recognisers(path) for path, _ in found]
        asked = np.array([number for _, number in found])
        for recogniser in ("YAMNet", "mood heads"):
            print(f"\n{folder.name}, by {recogniser}\n")
            print("| emotion | pieces | first | ranked |\n|---|---|---|---|")
            print("\n".join(table(np.array([each[recogniser] for each in scored]), asked)))


if __name__ == "__main__":
    main()
