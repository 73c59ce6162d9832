"""Real music under real speech: when does a voice drown the emotion, and does analysis say so?

    python benchmarks/voice_over.py --music DIR --speech DIR [--most 48]

mixes 20 s of each piece under speech, the music so many dB under (or over) the voice, and prints:
how often the emotion is that of the music alone, how far under the voice the music is measured to
lie, what share of the mixtures is held to be too far under to be trusted, and how often the
emotion of the others is that of the music alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.audio.decode import decode
from moodprint.audio.media import find_media
from moodprint.clip import Clip, FloatArray
from moodprint.prediction import Timeline
from moodprint.recognition.analyzer import Analyzer
from moodprint.recognition.voice_over import mostly_drowned

RATE_HZ = 16_000
SECONDS = 20
LEVELS_DB = (10, 5, 0, -5, -10, -15, -20, -25)
_SILENT_POWER = 1e-7


@dataclass(frozen=True)
class Mixture:
    """An answer for music ``level_db`` over a voice, beside that for the music alone."""

    level_db: int
    alone: Timeline
    mixed: Timeline

    @property
    def keeps_its_emotion(self) -> bool:
        """Whether the voice has changed nothing."""
        return self.mixed.overall.emotion == self.alone.overall.emotion

    @property
    def below_db(self) -> float | None:
        """How far under the voice the music was measured to lie, by the median of segments."""
        known = [s.music_below_voice_db for s in self.mixed.segments if s.music_below_voice_db]
        return float(np.median(known)) if known else None

    @property
    def is_trusted(self) -> bool:
        """Whether there is music, and a voice does not drown most of it."""
        return self.mixed.overall.emotion is not None and not mostly_drowned(self.mixed.segments)


def under(music: FloatArray, voice: FloatArray, level_db: float) -> FloatArray:
    """Music [N] under a voice [N], ``level_db`` over it by power; nothing clips."""
    louder = 10 ** (level_db / 20) * _rms(voice) / _rms(music)
    mixed = voice + louder * music
    return (mixed * (0.5 / max(0.5, float(np.abs(mixed).max())))).astype(np.float32)


def voices(folder: Path, rng: np.random.Generator) -> Iterator[FloatArray]:
    """Speech [N] without end: recordings of the folder in a row, in any order."""
    recordings = [_sound(path) for path in find_media(folder) if "speech" in path.name]
    while True:
        parts: list[FloatArray] = []
        while sum(map(len, parts)) < SECONDS * RATE_HZ:
            parts.append(recordings[rng.integers(len(recordings))])
        yield np.concatenate(parts)[: SECONDS * RATE_HZ]


def pieces(folder: Path, most: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """The middles of so many pieces of music; shorter ones are left out."""
    files = find_media(folder)
    found = 0
    for index in rng.permutation(len(files)).tolist():
        sound = _sound(files[index])
        start = (len(sound) - SECONDS * RATE_HZ) // 2
        middle = sound[max(0, start) :][: SECONDS * RATE_HZ]
        if start >= 0 and np.mean(middle**2) > _SILENT_POWER:
            yield middle
            found += 1
        if found == most:
            return


def table(mixtures: Sequence[Mixture]) -> str:
    """A row a level."""
    lines = [
        "| music | same emotion | measured | drowned | same, of the rest |",
        "|---|---|---|---|---|",
    ]
    for level_db in LEVELS_DB:
        here = [each for each in mixtures if each.level_db == level_db]
        trusted = [each.keeps_its_emotion for each in here if each.is_trusted]
        below = [each.below_db for each in here if each.below_db is not None]
        cells = (
            f"{level_db:+d} dB",
            f"{np.mean([each.keeps_its_emotion for each in here]):.0%}",
            f"{np.median(below):.1f} dB" if below else "-",
            f"{1 - len(trusted) / len(here):.0%}",
            f"{np.mean(trusted):.0%} of {len(trusted)}" if trusted else "-",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument(
        "--speech", type=Path, required=True, help="files with 'speech' in the name"
    )
    parser.add_argument("--most", type=int, default=48)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(words)
    rng = np.random.default_rng(options.seed)
    analyzer, speech = Analyzer(), voices(options.speech, rng)
    mixtures = []
    for music in pieces(options.music, options.most, rng):
        voice, alone = next(speech), analyzer.clip(Clip(music, RATE_HZ))
        for level_db in LEVELS_DB:
            mixed = analyzer.clip(Clip(under(music, voice, level_db), RATE_HZ))
            mixtures.append(Mixture(level_db, alone, mixed))
    print(table(mixtures))
    return 0


def _sound(path: Path) -> FloatArray:
    return decode(path, sample_rate_hz=RATE_HZ).mono


def _rms(samples: FloatArray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


if __name__ == "__main__":
    sys.exit(main())
