"""Fit the heads on all labelled music, calibrate them, and write the bundle that ships.

python -m recipes.ear.export --data DATA --pool POOL --made MADE --prepared PREPARED --run RUN \
    --out BUNDLE
"""

from __future__ import annotations

import argparse
import hashlib
import io
from collections import Counter
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from moodprint.bundle import write_bundle
from moodprint.emotion import EMOTIONS
from moodprint.models.emotion_net.card import WEIGHTS, EmotionNetworkCard
from moodprint.models.emotion_net.handcrafted import MEASURES
from moodprint.models.emotion_net.handcrafted_head import SOUND, HandcraftedHead
from recipes.ear.augment import voices
from recipes.ear.calibrate import Calibrated, calibrate
from recipes.ear.crops import Lesson, load_lessons
from recipes.ear.heads import HeadRecipe, Heads, fit
from recipes.ear.network import FRAMES_PER_ROW, EmotionNetwork
from recipes.ear.presence import refit
from recipes.ear.scores import Score, left_out, scores
from recipes.ear.sources import all_items
from recipes.ear.table import LABELLED, LOGIT, VOTERS, build, load_student, student_features
from recipes.ear.teachers import log_mel

LARGEST_BYTES = 6_000_000

TEACHERS = [
    "YAMNet (Google, Apache-2.0): scores and embedding of every item",
    "MusiCNN, MSD_musicnn (Pons and Serra, ISC): tags and last hidden layer of all music",
]

LIMITS = [
    "The labels are weak: tags of a music guide, titles of game tracks, ratings of 30 s clips.",
    "Music of kinds that are not among the data may be heard wrongly; the figures for corpora "
    "left out of training tell how wrongly. Trust those, not the ones within a corpus.",
    "The recipe of the heads was chosen by the figures for corpora left out: these are rosy.",
    "The network, not its heads, has heard the music of every corpus here, without its labels.",
    "Lyrics are not understood. Singing without instruments may count as music or as speech.",
    "It says what music expresses to most listeners, not what one person feels.",
]


class Shipped(nn.Module):
    """The student with its heads: log-mel [1, T, F] to presence, emotion, valence and arousal,
    embedding, for each row. What the heads make of the measures is added by whoever runs it."""

    def __init__(self, student: EmotionNetwork, heads: Heads) -> None:
        super().__init__()
        self.student = student
        self.emotion = on_embedding(student, heads.emotion, heads.emotion_bias)
        self.point = on_embedding(student, heads.point, heads.point_bias)

    def forward(self, mel_db: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        embedding = self.student.embedding(mel_db)
        return (
            self.student.presence(embedding),
            self.emotion(embedding),
            self.point(embedding),
            embedding,
        )


def on_embedding(student: EmotionNetwork, weight: np.ndarray, bias: np.ndarray) -> nn.Linear:
    """A head on the embedding alone: tags and scores are linear in it, so what a head makes of
    those becomes a part of its weights."""
    own, tags, scores, _ = (weight[voter] for voter in VOTERS)
    bias = bias.copy()
    for layer, part in ((student.tags, tags), (student.yamnet, scores)):
        own = own + layer.weight.detach().numpy().T @ part / LOGIT
        bias += layer.bias.detach().numpy() @ part / LOGIT
    layer = nn.Linear(*own.shape)
    layer.weight.data = torch.from_numpy(own.T.astype(np.float32).copy())
    layer.bias.data = torch.from_numpy(bias.astype(np.float32))
    return layer


def to_onnx(student: EmotionNetwork, heads: Heads) -> bytes:
    buffer = io.BytesIO()
    torch.onnx.export(
        Shipped(student, heads).eval(),
        (torch.zeros(1, 20 * FRAMES_PER_ROW, 64),),
        buffer,
        input_names=["log_mel"],
        output_names=["presence", "emotion", "valence_arousal", "embedding"],
        dynamic_axes={"log_mel": {1: "frames"}},
        opset_version=17,
        dynamo=False,
    )
    content = buffer.getvalue()
    if len(content) > LARGEST_BYTES:
        raise SystemExit(f"the network has {len(content)} bytes; {LARGEST_BYTES} are allowed")
    return content


def card_of(
    lessons: list[Lesson], found: list[Score], calibrated: Calibrated, presence: dict, step: int
) -> dict:
    tracks = Counter(lesson.item.corpus for lesson in lessons)
    hours = Counter()
    for lesson in lessons:
        hours[lesson.item.corpus] += lesson.rows / 7200
    return {
        "name": "ear",
        "version": "3",
        "kind": EmotionNetworkCard.kind,
        "labels": [emotion.value for emotion in EMOTIONS],
        "features": {"log_mel": asdict(log_mel()), "frames_per_row": FRAMES_PER_ROW},
        "calibration": calibrated.settings,
        "metrics": {
            "about": "means over a track's segments; 95 % intervals by bootstrap over groups",
            "scores": [
                {
                    "what": score.what,
                    "metric": score.metric,
                    "tracks": score.tracks,
                    **{key: round(value, 3) for key, value in asdict(score.interval).items()},
                }
                for score in found
            ],
            "calibration": calibrated.measured,
            "presence": presence,
        },
        "data": [
            {"corpus": corpus, "files": tracks[corpus], "hours": round(hours[corpus], 2)}
            for corpus in sorted(tracks)
        ],
        "data_hash": _hash_of(lessons),
        "training": {"steps": step, "seed": 1, "recipe": "recipes/ear"},
        "licence": "Apache-2.0",
        "teachers": TEACHERS,
        "limits": LIMITS,
    }


def _hash_of(lessons: list[Lesson]) -> str:
    """One checksum over the log-mels of all that was learned from, in a fixed order."""
    total = hashlib.sha256()
    for mark in sorted(hashlib.sha256(lesson.mel.tobytes()).digest() for lesson in lessons):
        total.update(mark)
    return total.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "prepared", "run", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    lessons = load_lessons(all_items(options.data, options.pool, options.made), options.prepared)
    labelled = [lesson for lesson in lessons if lesson.item.corpus in LABELLED]
    student = load_student(options.run)
    presence = refit(student, lessons)
    print(presence)
    table = build(labelled, partial(student_features, student), voices(lessons))
    recipe = HeadRecipe()
    away = left_out(table, recipe)
    found, calibrated = scores(table, recipe, away), calibrate(table, recipe, away)
    step = torch.load(options.run / "checkpoint.pt", map_location="cpu", weights_only=True)["step"]
    heads = fit(table, recipe)
    sound = HandcraftedHead(heads.emotion[-MEASURES:], heads.point[-MEASURES:])
    write_bundle(
        options.out,
        card_of(lessons, found, calibrated, presence, int(step)),
        {WEIGHTS: to_onnx(student, heads), SOUND: sound.serialized()},
    )
    for score in found:
        print(score)
    print(calibrated)


if __name__ == "__main__":
    main()
