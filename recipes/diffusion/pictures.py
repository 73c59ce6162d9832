"""The pictures that ``prepare`` wrote, and which of them are only watched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from recipes.diffusion.measured import MEASURED, measured
from recipes.diffusion.spectrogram import Bytes, to_unit
from recipes.diffusion.watched import watched_groups

PULSE, TEMPO = MEASURED.index("pulse"), MEASURED.index("tempo")
_CLEAR_BEAT = 0.3
"""Below, the autocorrelation of onsets has no peak that stands out."""


@dataclass(frozen=True)
class Pictures:
    """All pictures [N, T, F] (bytes), their conditions [N, COUNT] (NaN where unknown), and whether
    each is learned."""

    pictures: np.ndarray
    conditions: np.ndarray
    learned: np.ndarray

    @classmethod
    def load(cls, folder: Path) -> Pictures:
        """Of the files that ``prepare`` wrote."""
        pictures, conditions, groups = [], [], []
        for path in sorted(folder.glob("*.npz")):
            with np.load(path) as file:
                own = file["pictures"]
                pictures.append(own)
                shown = np.stack([measured(each) for each in own])
                shown[:, TEMPO] = _tempo(shown, float(file["tempo"]))
                played = np.repeat(file["played"][None], len(own), axis=0)
                conditions.append(np.concatenate([file["conditions"], shown, played], axis=1))
                groups += [str(file["group"])] * len(own)
        watched = watched_groups(groups)
        learned = np.array([group not in watched for group in groups])
        return cls(np.concatenate(pictures), np.concatenate(conditions), learned)


def _tempo(shown: np.ndarray, known: float) -> np.ndarray:
    """The tempo of each picture: as it was played, else as measured where a beat is clear."""
    if not np.isnan(known):
        return np.full(len(shown), known)
    return np.where(shown[:, PULSE] >= _CLEAR_BEAT, shown[:, TEMPO], np.nan)


def units(pictures: Bytes, device: str) -> Tensor:
    """Pictures [B, T, F] as [B, 1, T, F] in [-1, 1]."""
    return torch.from_numpy(to_unit(pictures)[:, None]).to(device)
