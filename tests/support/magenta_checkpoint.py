"""Training folders as Magenta's GANSynth leaves them, and a reader in TensorFlow's place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import literal_generator
import numpy as np


@dataclass(frozen=True)
class FakeReader:
    """What ``tensorflow.train.load_checkpoint`` would give of a checkpoint with these variables."""

    variables: Mapping[str, np.ndarray]

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        return {name: list(values.shape) for name, values in self.variables.items()}

    def get_tensor(self, name: str) -> np.ndarray:
        return self.variables[name]


def write_folder(folder: Path, stage: int = 3, **settings: object) -> Path:
    """Settings and a stage whose checkpoint is named and not there: for a fake reader."""
    (folder / f"stage_{stage:05d}").mkdir(parents=True)
    (folder / f"stage_{stage:05d}" / "checkpoint").write_text('model_checkpoint_path: "model"\n')
    values = {**literal_generator.NORMALIZER, "data_type": "mel", "latent_vector_size": 256}
    (folder / "experiment.json").write_text(json.dumps(values | settings))
    return folder
