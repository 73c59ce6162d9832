"""What heads are fitted on and scored by: labelled stretches of 5 s as the student has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from moodprint.emotion import ANCHORS, EMOTIONS, Emotion
from moodprint.models.emotion_net.handcrafted import MEASURES, measures
from moodprint.models.emotion_net.network_torch import WIDTH
from recipes.ear.augment import changed
from recipes.ear.distil import COMPONENTS
from recipes.ear.examples import Example
from recipes.ear.jamendo import TAGS
from recipes.ear.opinions import MOOD_OUTPUTS, OPINIONS
from recipes.ear.prepare import from_bytes
from recipes.ear.sources import Item
from recipes.ear.student import MUSICNN_TAGS, YAMNET_CLASSES, Student

SEGMENT_ROWS, HOP_ROWS = 10, 10
LOGIT = 3.0
"""Logits spread about so wide."""

_PARTS = (WIDTH, MUSICNN_TAGS, YAMNET_CLASSES, OPINIONS, MEASURES)
FEATURE_GROUPS = tuple(slice(sum(_PARTS[:n]), sum(_PARTS[: n + 1])) for n in range(len(_PARTS)))
"""Where the parts of the features lie: embedding, tags, scores, opinions, measures."""

_YAMNET_MOOD = {"angry": 275, "calm": 273, "fear": 276, "happy": 271, "sad": 272}
_HEADS_MOOD = {"angry": 0, "calm": 3, "happy": 1, "sad": 4}
_JAMENDO_MOOD = {emotion.value: MOOD_OUTPUTS + TAGS + n for n, emotion in enumerate(EMOTIONS)}


def _named(moods: dict[str, int], group: slice) -> tuple[int, ...]:
    """The features of a group that name the emotions, by their places in it; -1 where none does."""
    names = [emotion.value for emotion in EMOTIONS]
    return tuple(group.start + moods[name] if name in moods else -1 for name in names)


MOODS = (
    _named(_YAMNET_MOOD, FEATURE_GROUPS[2]),
    _named(_HEADS_MOOD, FEATURE_GROUPS[3]),
    _named(_JAMENDO_MOOD, FEATURE_GROUPS[3]),
)
"""Which features name the five emotions: YAMNet's angry, tender, scary, happy and sad music; the
mood heads' aggressive, relaxed, happy and sad; and Jamendo's tags that name an emotion."""

LABELLED = ("4q", "game_moods", "scp_fear", "wild_moods", "musifeast17", "emopia", "vgmidi")

ANCHOR_POINTS = np.array([ANCHORS[emotion] for emotion in EMOTIONS], np.float32)

_OF_QUADRANT = {
    "Q1": {Emotion.HAPPY: 1.0},
    "Q2": {Emotion.ANGRY: 0.5, Emotion.FEAR: 0.5},
    "Q3": {Emotion.SAD: 1.0},
    "Q4": {Emotion.CALM: 1.0},
}


Columns = dict[str, list[np.ndarray]]
"""Of a table, as it grows."""


@dataclass(frozen=True)
class Table:
    """S segments, with what is known of each; a track's segments carry its labels.

    ``target`` [S, 5] sums to 1 or is all 0 where the emotion is unknown (a quadrant shares out
    its emotions); ``point`` [S, 2] is valence and arousal, rated where ``rated``, else the anchor
    of the emotion. ``track`` [S] numbers the track, ``group`` and ``corpus`` name its origin; where
    ``copy`` the track was changed, so it is learned from and never scored on.
    """

    features: np.ndarray
    target: np.ndarray
    point: np.ndarray
    rated: np.ndarray
    track: np.ndarray
    group: np.ndarray
    corpus: np.ndarray
    copy: np.ndarray

    def where(self, chosen: np.ndarray) -> Table:
        """The segments that a mask or indices choose."""
        return Table(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def by_track(self) -> Table:
        """One row a track, and one its copy, in the order of tracks: the means of their
        segments."""
        each = 2 * self.track + self.copy
        _, first, counts = np.unique(each, return_index=True, return_counts=True)
        ordered = self.features[np.argsort(each, kind="stable")]
        features = np.add.reduceat(ordered, np.cumsum(counts) - counts, axis=0) / counts[:, None]
        rest = [
            getattr(self, name)[first] for name in self.__dataclass_fields__ if name != "features"
        ]
        return Table(features, *rest)


def student_features(student: Student, example: Example) -> np.ndarray:
    """[R, 256 + 50 + 521 + 81 + MEASURES]: the embedding, the logits of MusiCNN's tags and of
    YAMNet's classes and the opinions as the student has them, brought to about the same size, and
    what is measured beside."""
    mel_db = from_bytes(example.mel)
    with torch.inference_mode():
        embedding = student.embedding(torch.from_numpy(mel_db)[None])
        logits = torch.cat([student.tags(embedding), student.yamnet(embedding)], dim=2) / LOGIT
        parts = [embedding, logits, student.opinions(embedding)]
        outputs = torch.cat(parts, dim=2)[0].numpy()
    return np.concatenate([outputs, measures(mel_db, example.chroma)], axis=1)


def build(
    examples: Sequence[Example],
    features_of: Callable[[Example], np.ndarray],
    voices: Sequence[Example] = (),
) -> Table:
    """The table of the labelled examples; with ``voices`` (speech) each track stands in it a second
    time, as a changed copy."""
    rng = np.random.default_rng(11)
    columns: Columns = {name: [] for name in Table.__dataclass_fields__}
    for track, example in enumerate(
        example for example in examples if example.item.corpus in LABELLED
    ):
        _add(columns, example, features_of(example), track, copy=False)
        if voices:
            _add(columns, example, features_of(changed(example, voices, rng)), track, copy=True)
    return Table(*(np.concatenate(column) for column in columns.values()))


def _add(columns: Columns, example: Example, rows: np.ndarray, track: int, copy: bool) -> None:
    item = example.item
    starts = range(0, max(1, len(rows) - SEGMENT_ROWS + 1), HOP_ROWS)
    segments = np.array([rows[start : start + SEGMENT_ROWS].mean(axis=0) for start in starts])
    target, point, rated = _labels(item)
    known = {
        "target": target,
        "point": point,
        "rated": rated,
        "track": track,
        "group": item.group,
        "corpus": item.corpus,
        "copy": copy,
    }
    columns["features"].append(segments)
    for name, value in known.items():
        columns[name].append(np.array([value] * len(segments)))


def _labels(item: Item) -> tuple[np.ndarray, np.ndarray, bool]:
    shares = _OF_QUADRANT.get(item.quadrant, {}) if item.corpus in ("emopia", "vgmidi") else {}
    if item.emotion and not shares:
        shares = {Emotion(item.emotion): 1.0}
    target = np.array([shares.get(emotion, 0.0) for emotion in EMOTIONS], np.float32)
    rated = bool(np.isfinite(item.valence))
    point = np.array([item.valence, item.arousal], np.float32) if rated else target @ ANCHOR_POINTS
    return target, point, rated


def load_student(run: Path) -> Student:
    """The averaged student of a training run, in evaluation mode."""
    student = Student(COMPONENTS)
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    student.load_state_dict(saved["averaged"])
    return student.eval()
