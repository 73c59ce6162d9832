"""A head on YAMNet's embedding that knows the moods and themes of 18,203 tracks of MTG-Jamendo.

    python -m recipes.ear.jamendo --data DATA --out JAMENDO.npz

It has one hidden layer, learns from the artists outside of split 0's validation and test, and
prints how well it does on both. Beside the 59 tags it learns five emotions: whether a track has one
of the tags that name the emotion.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from moodprint.emotion import EMOTIONS
from moodprint.files import atomic_file
from moodprint.models.emotion_net.handcrafted import around

EMOTION_TAGS = {
    "angry": ("heavy",),
    "calm": ("calm", "relaxing", "meditative", "mellow", "soft"),
    "fear": ("dark", "horror"),
    "happy": ("happy", "fun", "funny", "upbeat", "party"),
    "sad": ("sad", "melancholic"),
}
TAGS = 59
JAMENDO_OUTPUTS = TAGS + len(EMOTIONS)

_HIDDEN, _EPOCHS, _BATCH, _NETWORKS = 256, 12, 256, 3

Layers = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Weights [D, H] and biases [H] of the hidden layer, weights [H, K] and biases [K] behind it."""


@dataclass(frozen=True)
class Tracks:
    """``embedding`` [N, 1024] is a track's mean, ``labels`` [N, 64] its tags, then its emotions.
    ``split`` [N] is 0 training, 1 validation, 2 test of split 0, -1 none."""

    embedding: np.ndarray
    labels: np.ndarray
    artist: np.ndarray
    split: np.ndarray

    @classmethod
    def read(cls, data: Path) -> Tracks:
        """From the folder ``jamendo_moods`` of the labelled data."""
        with np.load(data / "jamendo_moods" / "yamnet_embeddings.npz") as file:
            root = file["embedding_sqrt_uint8"].astype(np.float32) / 255
            tags, names = file["has_tag"].astype(np.float32), [str(tag) for tag in file["tags"]]
            columns = [[names.index(tag) for tag in EMOTION_TAGS[each.value]] for each in EMOTIONS]
            emotions = np.stack([tags[:, own].max(axis=1) for own in columns], axis=1)
            labels = np.concatenate([tags, emotions], axis=1)
            return cls(file["scale"] * root**2, labels, file["artist_id"], file["split0"])

    @property
    def learned(self) -> np.ndarray:
        """[N] the training part, and what lies outside of the split by artists who are not in its
        other parts."""
        others = np.isin(self.artist, self.artist[self.split > 0])
        return (self.split == 0) | ((self.split < 0) & ~others)


@dataclass(frozen=True)
class JamendoHead:
    """Some networks of one hidden layer on the root of an embedding, brought to unit size by
    ``mean`` and ``scale`` [D]; their logits are averaged."""

    mean: np.ndarray
    scale: np.ndarray
    networks: tuple[Layers, ...]

    def __call__(self, embedding: np.ndarray) -> np.ndarray:
        """Logits [N, 64] of embeddings [N, 1024], each a mean over some seconds."""
        x = ((np.sqrt(np.maximum(embedding, 0)) - self.mean) / self.scale).astype(np.float32)
        logits = [np.maximum(x @ a + b, 0) @ c + d for a, b, c, d in self.networks]
        return np.mean(logits, axis=0)

    def of_rows(self, embedding: np.ndarray) -> np.ndarray:
        """[R, 64] of YAMNet's embedding of each row [R, 1024], the seconds around it taken in."""
        return self(around(embedding.astype(np.float32)))

    def save(self, path: Path) -> None:
        """Write all arrays as .npz."""
        flat = {
            f"{number}_{place}": array
            for number, layers in enumerate(self.networks)
            for place, array in enumerate(layers)
        }
        arrays = {"mean": self.mean, "scale": self.scale, **flat}
        with atomic_file(path) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # of numpy's flag, which none is

    @classmethod
    def load(cls, path: Path) -> JamendoHead:
        """What `save` wrote."""
        with np.load(path) as file:
            count = sum(name.endswith("_0") for name in file.files)
            networks = [
                (file[f"{n}_0"], file[f"{n}_1"], file[f"{n}_2"], file[f"{n}_3"])
                for n in range(count)
            ]
            return cls(file["mean"], file["scale"], tuple(networks))


def fit(tracks: Tracks) -> JamendoHead:
    """Networks of several seeds, on all that may be learned from."""
    x, labels = np.sqrt(tracks.embedding[tracks.learned]), tracks.labels[tracks.learned]
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-3
    x = torch.from_numpy((x - mean) / scale)
    networks = [_network(x, torch.from_numpy(labels), seed) for seed in range(_NETWORKS)]
    return JamendoHead(mean, scale, tuple(networks))


def _network(x: torch.Tensor, labels: torch.Tensor, seed: int) -> Layers:
    torch.manual_seed(seed)
    first, second = nn.Linear(x.shape[1], _HIDDEN), nn.Linear(_HIDDEN, labels.shape[1])
    network = nn.Sequential(nn.Dropout(0.3), first, nn.ReLU(), nn.Dropout(0.5), second)
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3, weight_decay=0.05)
    for _ in range(_EPOCHS):
        for part in torch.randperm(len(x)).split(_BATCH):
            wrong = functional.binary_cross_entropy_with_logits(network(x[part]), labels[part])
            optimizer.zero_grad()
            (wrong * labels.shape[1]).backward()
            optimizer.step()
    w1, b1, w2, b2 = (
        np.ascontiguousarray(part.detach().numpy())
        for part in (first.weight.T, first.bias, second.weight.T, second.bias)
    )
    return w1, b1, w2, b2


def print_figures(head: JamendoHead, tracks: Tracks) -> None:
    """Area under the curve and average precision on split 0's validation and test."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    kinds = {"tags": slice(0, TAGS), "emotions": slice(TAGS, JAMENDO_OUTPUTS)}
    for split, name in ((1, "validation"), (2, "test")):
        own = tracks.split == split
        logits, labels = head(tracks.embedding[own]), tracks.labels[own]
        for kind, part in kinds.items():
            auc = roc_auc_score(labels[:, part], logits[:, part], average=None)
            precision = average_precision_score(labels[:, part], logits[:, part], average="macro")
            each = " ".join(f"{one:.3f}" for one in auc) if kind == "emotions" else ""
            print(f"{name:10} {kind:8} AUC {auc.mean():.3f}, precision {precision:.3f} {each}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    tracks = Tracks.read(options.data)
    head = fit(tracks)
    print_figures(head, tracks)
    head.save(options.out)


if __name__ == "__main__":
    main()
