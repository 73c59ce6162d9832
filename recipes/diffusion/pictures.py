"""The pictures that ``prepare`` wrote, and which of them are only watched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from recipes.diffusion.measured import measured
from recipes.diffusion.spectrogram import Bytes, to_unit
from recipes.diffusion.watched import watched_groups


@dataclass(frozen=True)
class Pictures:
    """All pictures [N, T, F] (bytes), their conditions [N, 64], and whether each is learned."""

    pictures: np.ndarray
    conditions: np.ndarray
    learned: np.ndarray

    @classmethod
    def load(cls, folder: Path) -> Pictures:
        """Of the files that ``prepare`` wrote."""
        pictures, conditions, groups = [], [], []
        for path in sorted(folder.glob("*.npz")):
            with np.load(path) as file:
                pictures.append(file["pictures"])
                shown = [measured(each) for each in file["pictures"]]
                conditions.append(np.concatenate([file["conditions"], shown], axis=1))
                groups += [str(file["group"])] * len(file["pictures"])
        watched = watched_groups(groups)
        learned = np.array([group not in watched for group in groups])
        return cls(np.concatenate(pictures), np.concatenate(conditions), learned)


def units(pictures: Bytes, device: str) -> Tensor:
    """Pictures [B, T, F] as [B, 1, T, F] in [-1, 1]."""
    return torch.from_numpy(to_unit(pictures)[:, None]).to(device)
