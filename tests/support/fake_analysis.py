"""Stands for the model in tests of what surrounds it: quick, and loadable by other processes."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.decode import AudioStream
from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError
from moodprint.explanation import Cue, Explanation
from moodprint.prediction import Prediction, Presence, Segment, Timeline

EXPLANATION = Explanation(
    (Cue("tempo", 180.0, "bpm", 1.5, 0.5),), "D minor", 0.6, 0.1, EMOTIONS[0], 0.625
)


@dataclass(frozen=True)
class FakeAnalysis:
    """Really decodes the file; the answer depends on its level only.

    A name with "segfault" in it kills the process, one with "bug" raises ZeroDivisionError.
    Every analysed file is noted in the file that MOODPRINT_TEST_NOTES names.
    """

    bundle: str | None = None
    settings: Any = None
    threads: int = 1
    index: str | None = None
    explain: bool = False
    decoding: DecodeOptions = DEFAULT_OPTIONS

    def __call__(self, path: str) -> Timeline:
        if self.bundle == "broken":
            raise BundleError("broken: is no model")
        if "segfault" in path:
            _note(path, "tries")
            signal.raise_signal(signal.SIGSEGV)
        if "bug" in path:
            raise ZeroDivisionError("division by zero")
        stream = AudioStream(path, options=self.decoding)
        samples = np.concatenate(list(stream))
        _note(path)
        duration_s = len(samples) / stream.sample_rate_hz
        timeline = answer(path, duration_s, float(np.abs(samples).mean()))
        return replace(timeline, explanation=EXPLANATION) if self.explain else timeline


@dataclass(frozen=True)
class SlowAnalysis(FakeAnalysis):
    """Takes 0.15 s more a file, so that there is time to kill it."""

    def __call__(self, path: str) -> Timeline:
        timeline = super().__call__(path)
        time.sleep(0.15)
        return timeline


def answer(path: str, duration_s: float, level: float) -> Timeline:
    rest = (1 - level) / 4
    prediction = Prediction(
        emotion=EMOTIONS[0],
        probabilities=dict.fromkeys(EMOTIONS, rest) | {EMOTIONS[0]: level},
        valence=-level / 3,
        arousal=level / 7,
        confidence=level,
        abstained=False,
    )
    segment = Segment(0.0, duration_s, Presence.MUSIC, prediction)
    return Timeline(path, duration_s, prediction, (segment,), model="fake 1")


def _note(path: str, name: str | None = None) -> None:
    """Add a path to the notes, or to a file beside them."""
    notes = os.environ.get("MOODPRINT_TEST_NOTES")
    if notes:
        place = Path(notes) if name is None else Path(notes).with_name(name)
        with place.open("ab") as file:
            file.write(os.fsencode(path) + b"\n")
