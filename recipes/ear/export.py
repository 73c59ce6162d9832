"""Fit the heads on all labelled music, calibrate them, and write the bundle that ships.

python -m recipes.ear.export --data DATA --pool POOL --made MADE --prepared PREPARED \
    --jamendo JAMENDO.npz --run RUN --out BUNDLE
"""

from __future__ import annotations

import argparse
import copy
import hashlib
from collections import defaultdict
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from moodprint.bundle import write_bundle
from moodprint.emotion import EMOTIONS
from moodprint.models.emotion_net.card import TORCH_WEIGHTS, WEIGHTS, EmotionNetworkCard
from moodprint.models.emotion_net.handcrafted import MEASURES
from moodprint.models.emotion_net.handcrafted_head import SOUND, HandcraftedHead
from moodprint.models.emotion_net.network_torch import (
    FRAMES_PER_ROW,
    EmotionNetworkModule,
    fold_batch_norms,
)
from recipes.ear.augment import voices
from recipes.ear.calibrate import Calibrated, calibrate
from recipes.ear.examples import Example, load_examples
from recipes.ear.heads import HeadRecipe, Heads, fit
from recipes.ear.opinions import Opinions
from recipes.ear.presence import refit
from recipes.ear.scores import Score, left_out, scores
from recipes.ear.sources import all_items
from recipes.ear.student import Student
from recipes.ear.table import FEATURE_GROUPS, LABELLED, LOGIT, build, load_student, student_features
from recipes.ear.teachers import ROW_S, log_mel

LARGEST_BYTES = 6_000_000

TEACHERS = [
    "YAMNet (Google, Apache-2.0): scores and embedding of every item",
    "MusiCNN, MSD_musicnn (Pons and Serra, ISC): tags and last hidden layer of all music",
    "Mood heads on MusiCNN (MTG, CC BY-NC-SA 4.0): valence, arousal, moods, MIREX clusters",
    "59 mood and theme tags of 18,203 tracks of MTG-Jamendo (CC BY-NC-SA 4.0), by a head on YAMNet",
]

LIMITS = [
    "The labels are weak: tags of a music guide, titles of game tracks, ratings of 30 s clips.",
    "Music of kinds that are not among the data may be named wrongly; the figures for corpora "
    "left out of training tell how wrongly. Trust those, not the ones within a corpus.",
    "The recipe of the heads was chosen by the figures for corpora left out: these are rosy.",
    "The network, not its heads, was trained on the music of every corpus here, unlabelled.",
    "Lyrics are not understood. Singing without instruments may count as music or as speech.",
    "It says what music expresses to most listeners, not what one person feels.",
]


def shipped_network(student: Student, heads: Heads) -> EmotionNetworkModule:
    """What ships of a trained student: its backbone with the batch norms folded, its presence head,
    and the fitted heads but for what they make of the hand-crafted measures."""
    network = EmotionNetworkModule().eval()
    trained = copy.deepcopy(student).eval()
    fold_batch_norms(trained)
    wanted = network.state_dict()
    kept = {name: value for name, value in trained.state_dict().items() if name in wanted}
    network.load_state_dict({**wanted, **kept})
    network.emotion = on_embedding(student, heads.emotion, heads.emotion_bias)
    network.valence_arousal = on_embedding(student, heads.point, heads.point_bias)
    return network


def on_embedding(student: Student, weight: np.ndarray, bias: np.ndarray) -> nn.Linear:
    """A head on the embedding alone: tags, scores and opinions are linear in it, so what a head
    makes of those becomes a part of its weights."""
    own, tags, scores, opinions, _ = (weight[group] for group in FEATURE_GROUPS)
    bias = bias.copy()
    scaled = ((student.tags, tags / LOGIT), (student.yamnet, scores / LOGIT))
    for layer, part in (*scaled, (student.opinions, opinions)):
        own = own + layer.weight.detach().numpy().T @ part
        bias += layer.bias.detach().numpy() @ part
    layer = nn.Linear(*own.shape)
    layer.weight.data = torch.from_numpy(own.T.astype(np.float32).copy())
    layer.bias.data = torch.from_numpy(bias.astype(np.float32))
    return layer


def card_of(
    examples: list[Example],
    found: list[Score],
    calibrated: Calibrated,
    presence: dict[str, float],
    step: int,
) -> dict[str, Any]:
    """What the card says: settings, figures, data, teachers, limits."""
    return {
        "name": "ear",
        "version": "4",
        "kind": EmotionNetworkCard.kind,
        "labels": [emotion.value for emotion in EMOTIONS],
        "features": {
            "log_mel": asdict(log_mel()),
            "frames_per_row": FRAMES_PER_ROW,
            "level_free": True,
        },
        "calibration": calibrated.settings,
        "metrics": {
            "about": "means over a track's segments; 95 % intervals by bootstrap over groups",
            "scores": [_score_fields(score) for score in found],
            "calibration": calibrated.measured,
            "presence": presence,
        },
        "data": _data_fields(examples),
        "data_hash": _hash_of(examples),
        "training": {"steps": step, "seed": 1, "recipe": "recipes/ear"},
        "licence": "Apache-2.0",
        "teachers": TEACHERS,
        "limits": LIMITS,
    }


def _score_fields(score: Score) -> dict[str, Any]:
    rounded = {name: round(value, 3) for name, value in asdict(score.interval).items()}
    return {"what": score.what, "metric": score.metric, "tracks": score.tracks, **rounded}


def _data_fields(examples: list[Example]) -> list[dict[str, Any]]:
    """Files and hours of each corpus."""
    hours: dict[str, list[float]] = defaultdict(list)
    for example in examples:
        hours[example.item.corpus].append(example.rows * ROW_S / 3600)
    return [
        {"corpus": corpus, "files": len(each), "hours": round(sum(each), 2)}
        for corpus, each in sorted(hours.items())
    ]


def _hash_of(examples: list[Example]) -> str:
    """One checksum over the log-mels of all that was learned from, in a fixed order."""
    total = hashlib.sha256()
    for mark in sorted(hashlib.sha256(example.mel.tobytes()).digest() for example in examples):
        total.update(mark)
    return total.hexdigest()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "pool", "made", "prepared", "jamendo", "run", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    items = all_items(options.data, options.pool, options.made)
    examples = load_examples(items, options.prepared)
    labelled = [example for example in examples if example.item.corpus in LABELLED]
    student = load_student(options.run)
    opinions = Opinions.load(options.data, options.jamendo)
    presence = refit(student, load_examples(items, options.prepared, opinions))
    print(presence)
    table = build(labelled, partial(student_features, student), voices(examples))
    recipe = HeadRecipe()
    away = left_out(table, recipe)
    found, calibrated = scores(table, recipe, away), calibrate(table, recipe, away)
    step = torch.load(options.run / "checkpoint.pt", map_location="cpu", weights_only=True)["step"]
    heads = fit(table, recipe)
    sound = HandcraftedHead(heads.emotion[-MEASURES:], heads.point[-MEASURES:])
    network = shipped_network(student, heads)
    weights = {WEIGHTS: network.to_onnx(), TORCH_WEIGHTS: network.serialized()}
    if len(weights[WEIGHTS]) > LARGEST_BYTES:
        raise SystemExit(f"the network has {len(weights[WEIGHTS])} bytes, over {LARGEST_BYTES}")
    write_bundle(
        options.out,
        card_of(examples, found, calibrated, presence, int(step)),
        {**weights, SOUND: sound.serialized()},
    )
    for score in found:
        print(score)
    print(calibrated)


if __name__ == "__main__":
    main()
