"""Tempo, key, onsets and loudness of real music, beside other programs that tell them.

    python benchmarks/cues.py --music DIR [--music DIR2] [--most 40] [--seconds 60]

prints how often librosa (beat_track, onset_detect), Essentia (RhythmExtractor2013, KeyExtractor)
and pyloudnorm say the same as our cues, and as each other. A peer that cannot be imported is left
out, and named. Tracks are taken evenly from the folders.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from moodprint.audio.decode import decode
from moodprint.clip import FloatArray
from moodprint.errors import MoodprintError, NoMediaFoundError
from moodprint.pitch import NOTE_NAMES, Key
from moodprint.recognition.explanation.cues.listener import recorded
from moodprint.recognition.explanation.cues.measure import measured
from moodprint.recognition.explanation.cues.spectra import SAMPLE_RATE_HZ
from robustness import tracks

CueValues = Mapping[str, float | str | None]
"""What a program says of a track: ``tempo`` in bpm, ``key`` such as "A minor", ``onsets`` a second,
``loudness`` in LUFS; what it does not tell is missing."""

_SAME_TEMPO = 0.04
_OCTAVES = (1, 2, 3, 1 / 2, 1 / 3)
_SHARPS = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#"}


def ours(samples: FloatArray) -> CueValues:
    """Windows of 5 s every 2.5, taken together, as in an analysis."""
    seconds = len(samples) / SAMPLE_RATE_HZ
    starts = np.arange(0, max(1.0, seconds - 2.5), 2.5)
    windows = ((start_s, min(start_s + 5, seconds)) for start_s in starts)
    cues = measured(recorded(samples).stretch(*windows))
    values = cues.values
    return {
        "tempo": values["tempo"],
        "key": cues.key,
        "onsets": values["onset_density"],
        "loudness": values["loudness"],
    }


def librosa_says(samples: FloatArray) -> CueValues:
    import librosa

    bpm, _ = librosa.beat.beat_track(y=samples, sr=SAMPLE_RATE_HZ)
    onsets = librosa.onset.onset_detect(y=samples, sr=SAMPLE_RATE_HZ)
    seconds = len(samples) / SAMPLE_RATE_HZ
    return {"tempo": float(np.atleast_1d(bpm)[0]), "onsets": len(onsets) / seconds}


def essentia_says(samples: FloatArray) -> CueValues:
    import essentia.standard as es

    audio = es.Resample(inputSampleRate=SAMPLE_RATE_HZ, outputSampleRate=44_100)(samples)
    bpm = es.RhythmExtractor2013(method="multifeature")(audio)[0]
    tonic, mode, _ = es.KeyExtractor()(audio)
    key = Key(NOTE_NAMES.index(_SHARPS.get(tonic, tonic)), minor=mode == "minor")
    return {"tempo": float(bpm), "key": str(key)}


def pyloudnorm_says(samples: FloatArray) -> CueValues:
    import pyloudnorm

    return {"loudness": pyloudnorm.Meter(SAMPLE_RATE_HZ).integrated_loudness(samples)}


PEERS: Mapping[str, Callable[[FloatArray], CueValues]] = {
    "moodprint": ours,
    "librosa": librosa_says,
    "Essentia": essentia_says,
    "pyloudnorm": pyloudnorm_says,
}


def same_tempo(a: float, b: float, factors: Sequence[float] = (1,)) -> bool:
    """Within 4 %, where one may be a multiple of the other by any of the factors."""
    return any(abs(a / (b * factor) - 1) <= _SAME_TEMPO for factor in factors)


def compared(one: Sequence[CueValues], other: Sequence[CueValues]) -> list[tuple[str, str]]:
    """What two programs agree on, in lines of two columns, over the tracks of which both tell."""

    def both(name: str) -> list[tuple]:
        pairs = ((a.get(name), b.get(name)) for a, b in zip(one, other, strict=True))
        return [(a, b) for a, b in pairs if a is not None and b is not None]

    lines = []
    if tempi := both("tempo"):
        exactly, nearly = (
            np.mean([same_tempo(a, b, factors) for a, b in tempi]) for factors in ((1,), _OCTAVES)
        )
        lines.append(
            (f"tempo, {len(tempi)} tracks", f"same {exactly:.0%}, or times 2 or 3 {nearly:.0%}")
        )
    if keys := both("key"):
        whole = np.mean([a == b for a, b in keys])
        mode = np.mean([a.split()[-1] == b.split()[-1] for a, b in keys])
        lines.append((f"key, {len(keys)} tracks", f"same {whole:.0%}, mode {mode:.0%}"))
    for name, unit in (("onsets", "a second"), ("loudness", "LU")):
        if pairs := both(name):
            a, b = np.array(pairs).T
            r, apart = np.corrcoef(a, b)[0, 1], float((a - b).mean())
            lines.append(
                (
                    f"{name}, {len(pairs)} tracks",
                    f"r = {r:.2f}, mean difference {apart:+.1f} {unit}",
                )
            )
    return lines


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--music", type=Path, action="append", required=True)
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args(words)
    warnings.simplefilter("ignore")
    try:
        chosen = tracks(options.music, options.most)
    except NoMediaFoundError as error:
        print(error, file=sys.stderr)
        return 1
    sounds = [sound for path in chosen if (sound := _read(path, options.seconds)) is not None]
    said: dict[str, list[CueValues]] = {}
    for name, tell in PEERS.items():
        try:
            said[name] = [tell(sound) for sound in sounds]
        except ImportError as error:
            print(f"{name}: not measured ({error})")
    print("| programs | cue | agreement |\n| --- | --- | ---: |")
    for one, other in combinations(said, 2):
        for cue, agreement in compared(said[one], said[other]):
            print(f"| {one}, {other} | {cue} | {agreement} |")
    return 0


def _read(path: Path, seconds: float) -> FloatArray | None:
    try:
        return decode(path, sample_rate_hz=SAMPLE_RATE_HZ, mono=True, stop_s=seconds).mono
    except MoodprintError:
        return None


if __name__ == "__main__":
    sys.exit(main())
