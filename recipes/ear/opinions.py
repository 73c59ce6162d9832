"""What small mood heads make of the teachers' embeddings.

17 outputs of heads on MusiCNN's layer of 200 (MTG, CC BY-NC-SA 4.0), and Jamendo's tags and
emotions on YAMNet's embedding (see `jamendo`). No label of ours has a part in either.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recipes.ear.jamendo import JAMENDO_OUTPUTS, JamendoHead

_HEADS = {
    "mood_aggressive": "aggressive",
    "mood_happy": "happy",
    "mood_party": "party",
    "mood_relaxed": "relaxed",
    "mood_sad": "sad",
    "danceability": "danceable",
    "moods_mirex": "",
    "emomusic": "",
    "deam": "",
    "muse": "",
}
"""Of two opposite outputs the name of the one that counts; '' where all count."""

MOOD_OUTPUTS = 17
OPINIONS = MOOD_OUTPUTS + JAMENDO_OUTPUTS

_WIDEST = 10.0
"""Logits beyond this say nothing more."""


@dataclass(frozen=True)
class MoodHead:
    """A network of one hidden layer on MusiCNN's layer of 200, as its .npz file has it.

    ``counts`` is the place of the one of two opposite outputs that counts; None where all do.
    """

    arrays: dict[str, np.ndarray]
    counts: int | None

    @classmethod
    def load(cls, folder: Path, name: str, counts: str) -> MoodHead:
        """The head of that name; ``counts`` as in the table above."""
        with np.load(next(folder.glob(f"{name}-msd-musicnn-*.npz"))) as file:
            arrays = {key: file[key] for key in file.files}
        labels = [str(label) for label in arrays["labels"]]
        return cls(arrays, labels.index(counts) if counts else None)

    def __call__(self, dense: np.ndarray) -> np.ndarray:
        """[R, K] of the layer [R, 200] before its rectifier; K is 1 of two opposite outputs.

        Of a softmax come logits around their mean, of a regression what it says.
        """
        a, x = self.arrays, dense
        if "scale" in a:  # others have MusiCNN's own rectifier and norm within their first layer
            x = np.maximum(dense, 0) * a["scale"] + a["shift"]
        outputs = np.maximum(x @ a["W1"] + a["b1"], 0) @ a["W2"] + a["b2"]
        if self.counts is not None:
            outputs = outputs[:, [self.counts]] - outputs[:, [1 - self.counts]]
        elif str(a["activation"]) == "softmax":
            outputs = outputs - outputs.mean(axis=1, keepdims=True)
        return np.clip(outputs, -_WIDEST, _WIDEST)


@dataclass(frozen=True)
class Opinions:
    """The mood heads and Jamendo's."""

    moods: tuple[MoodHead, ...]
    jamendo: JamendoHead

    @classmethod
    def load(cls, data: Path, jamendo: Path) -> Opinions:
        """The heads of the labelled data, and the file that `jamendo` wrote."""
        folder = data / "teacher" / "heads"
        moods = tuple(MoodHead.load(folder, name, counts) for name, counts in _HEADS.items())
        return cls(moods, JamendoHead.load(jamendo))

    def __call__(self, dense: np.ndarray, embedding: np.ndarray) -> np.ndarray:
        """[R, 81] of MusiCNN's layer [R, 200] before its rectifier and YAMNet's embedding [R,
        1024]."""
        moods = [head(dense.astype(np.float32)) for head in self.moods]
        return np.concatenate([*moods, self.jamendo.of_rows(embedding)], axis=1)
