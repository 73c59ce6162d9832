"""What heads are fitted on and judged by: labelled stretches of 5 s as the student hears them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from lessons import LOWEST_LOGIT, Lesson
from network import Ear
from prepare import from_bytes

from moodprint.emotion import ANCHORS, EMOTIONS, Emotion

SEGMENT_ROWS, HOP_ROWS = 10, 10
LABELLED = ("4q", "game_moods", "scp_fear", "musifeast17", "emopia", "vgmidi")

_OF_QUADRANT = {
    "Q1": {Emotion.HAPPY: 1.0},
    "Q2": {Emotion.ANGRY: 0.5, Emotion.FEAR: 0.5},
    "Q3": {Emotion.SAD: 1.0},
    "Q4": {Emotion.CALM: 1.0},
}


@dataclass(frozen=True)
class Table:
    """S segments, with what is known of each; a track's segments carry its labels.

    ``target`` [S, 5] sums to 1 or is all 0 where the emotion is unknown (a quadrant shares out
    its emotions); ``point`` [S, 2] is valence and arousal, rated where ``rated``, else the anchor
    of the emotion. ``track`` [S] numbers the track, ``group`` and ``corpus`` name its origin.
    """

    features: np.ndarray
    target: np.ndarray
    point: np.ndarray
    rated: np.ndarray
    track: np.ndarray
    group: np.ndarray
    corpus: np.ndarray

    def where(self, chosen: np.ndarray) -> Table:
        return Table(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def by_track(self) -> Table:
        """One row a track: the means of its segments, which lie side by side."""
        _, first, counts = np.unique(self.track, return_index=True, return_counts=True)
        features = np.add.reduceat(self.features, first, axis=0) / counts[:, None]
        rest = [
            getattr(self, name)[first] for name in self.__dataclass_fields__ if name != "features"
        ]
        return Table(features, *rest)


def student_features(student: Ear, lesson: Lesson) -> np.ndarray:
    """[R, 256 + 521]: the embedding, and the logits of YAMNet's classes as the student has them."""
    with torch.inference_mode():
        heard = student(torch.from_numpy(from_bytes(lesson.mel))[None])
    scores = heard.yamnet[0].clamp(LOWEST_LOGIT, 4) / 3
    return torch.cat([heard.embedding[0], scores], dim=1).numpy()


def teacher_features(lesson: Lesson) -> np.ndarray:
    """[R, 521]: what YAMNet itself says, as a yardstick for the student."""
    return np.clip(lesson.yamnet.astype(np.float32), LOWEST_LOGIT, 4) / 3


def build(lessons: Sequence[Lesson], features_of) -> Table:
    columns: dict[str, list] = {name: [] for name in Table.__dataclass_fields__}
    for track, lesson in enumerate(lesson for lesson in lessons if lesson.item.corpus in LABELLED):
        item, rows = lesson.item, features_of(lesson)
        starts = range(0, max(1, len(rows) - SEGMENT_ROWS + 1), HOP_ROWS)
        segments = np.array([rows[start : start + SEGMENT_ROWS].mean(axis=0) for start in starts])
        target, point, rated = _labels(item)
        count = len(segments)
        columns["features"].append(segments)
        columns["target"].append(np.tile(target, (count, 1)))
        columns["point"].append(np.tile(point, (count, 1)))
        columns["rated"].append(np.full(count, rated))
        columns["track"].append(np.full(count, track))
        columns["group"].append(np.full(count, item.group))
        columns["corpus"].append(np.full(count, item.corpus))
    return Table(*(np.concatenate(column) for column in columns.values()))


def _labels(item) -> tuple[np.ndarray, np.ndarray, bool]:
    shares = _OF_QUADRANT.get(item.quadrant, {}) if item.corpus in ("emopia", "vgmidi") else {}
    if item.emotion and not shares:
        shares = {Emotion(item.emotion): 1.0}
    target = np.array([shares.get(emotion, 0.0) for emotion in EMOTIONS], np.float32)
    rated = bool(np.isfinite(item.valence))
    if rated:
        point = np.array([item.valence, item.arousal], np.float32)
    else:
        point = target @ np.array([ANCHORS[emotion] for emotion in EMOTIONS], np.float32)
    return target, point, rated


def load_student(run: Path) -> Ear:
    """The averaged student of a training run, ready to listen."""
    from distil import COMPONENTS

    student = Ear(COMPONENTS)
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    student.load_state_dict(saved["averaged"])
    return student.eval()
