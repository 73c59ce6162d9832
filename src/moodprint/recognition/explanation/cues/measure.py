"""The cues of any stretch of a sound, out of what was gathered while it streamed past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.articulation import articulation_db, falls_db
from moodprint.recognition.explanation.cues.brightness import brightness_hz
from moodprint.recognition.explanation.cues.key import key, tuning_steps
from moodprint.recognition.explanation.cues.listener import Contours
from moodprint.recognition.explanation.cues.loudness import loudness_change_db_per_s, loudness_lufs
from moodprint.recognition.explanation.cues.onsets import FRAMES_PER_S, onset_frames
from moodprint.recognition.explanation.cues.register import register_midi
from moodprint.recognition.explanation.cues.spectra import FRAMES_PER_ROW, ROW_S
from moodprint.recognition.explanation.cues.tempo import Tempo, pulse_curve, tempo

TEMPO_S, KEY_S, CHANGE_S = 12.0, 15.0, 10.0
"""A pulse, a key and a crescendo need time: these cues are heard in so many seconds around the
middle of a stretch, where it is shorter."""

Times = tuple[float, float]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Cues:
    """``values`` by the names in CUES, in their units; None where a cue cannot be told: a tempo
    where no pulse is clear, brightness in silence, a register without pitch. ``key`` is the name
    of the key, None without pitch."""

    key: str | None
    values: Mapping[str, float | None]


class CueMeter:
    """Tells the cues of a stretch, or of several taken together."""

    def __init__(self, heard: Contours) -> None:
        self._heard = heard
        self._tuning = tuning_steps(heard.classes)
        self._onsets = onset_frames(heard.strength)
        self._falls = falls_db(heard.level_db, self._onsets)
        self._row_power: FloatArray = heard.power / np.float32(FRAMES_PER_ROW)
        self._row_lufs = np.array([loudness_lufs(row) for row in self._row_power])

    def of(self, *stretches: Times) -> Cues:
        """The cues of stretches of time: of their union, but tempo and loudness change are means
        over them. At least one is given."""
        rows, frames = self._rows(stretches, 0), self._frames(stretches, 0)
        notes = np.isin(self._onsets, frames)
        pulse = self._tempo(stretches)
        mode = key(self._heard.classes[self._rows(stretches, KEY_S)], self._tuning)
        rough, size = self._heard.rough[rows].sum(axis=0)
        values = {
            "tempo": pulse.bpm,
            "pulse_clarity": pulse.clarity,
            "mode": mode.majorness,
            "key_clarity": mode.clarity,
            "loudness": loudness_lufs(self._row_power[rows]),
            "loudness_change": self._loudness_change(stretches),
            "brightness": brightness_hz(self._heard.weight[rows]),
            "roughness": float(rough / size) if size > 0 else 0.0,
            "onset_density": float(notes.sum()) * FRAMES_PER_S / len(frames),
            "register": register_midi(self._heard.pitches[rows]),
            "articulation": articulation_db(self._falls[notes]),
        }
        return Cues(None if mode.key is None else str(mode.key), values)

    def _tempo(self, stretches: Sequence[Times]) -> Tempo:
        curves = [
            pulse_curve(self._heard.strength[self._frames([each], TEMPO_S)]) for each in stretches
        ]
        return tempo(np.mean(curves, axis=0))

    def _loudness_change(self, stretches: Sequence[Times]) -> float:
        around = (self._rows([each], CHANGE_S) for each in stretches)
        return float(np.mean([loudness_change_db_per_s(self._row_lufs[rows]) for rows in around]))

    def _rows(self, stretches: Sequence[Times], least_s: float) -> Places:
        return _places(stretches, least_s, ROW_S, len(self._heard.power))

    def _frames(self, stretches: Sequence[Times], least_s: float) -> Places:
        return _places(stretches, least_s, 1 / FRAMES_PER_S, len(self._heard.strength))


def _places(stretches: Sequence[Times], least_s: float, step_s: float, count: int) -> Places:
    """The places, of ``count`` that are ``step_s`` apart, in any of the stretches; at least one
    for each. Stretches shorter than ``least_s`` grow on both sides."""
    inside = np.zeros(count, bool)
    for start_s, end_s in stretches:
        more_s = max(0.0, least_s - (end_s - start_s)) / 2
        first = min(max(0, round((start_s - more_s) / step_s)), count - 1)
        inside[first : max(first + 1, round((end_s + more_s) / step_s))] = True
    return np.flatnonzero(inside)
