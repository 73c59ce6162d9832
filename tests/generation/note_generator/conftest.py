import json
import shutil
from pathlib import Path

import literal_generator
import numpy as np
import pytest
from tensorflow_writer import write_checkpoint

WIDTHS = (8, 10, 8, 8, 8, 6, 8)


@pytest.fixture(scope="session")
def variables() -> dict[str, np.ndarray]:
    """The variables of a small generator of all seven blocks."""
    return literal_generator.random_variables(1, WIDTHS)


@pytest.fixture(scope="session")
def magenta_original(
    tmp_path_factory: pytest.TempPathFactory, variables: dict[str, np.ndarray]
) -> Path:
    """What Magenta's training leaves: settings, and the checkpoint of a stage. To be read only."""
    folder = tmp_path_factory.mktemp("magenta")
    settings = {**literal_generator.NORMALIZER, "data_type": "mel", "latent_vector_size": 256}
    (folder / "experiment.json").write_text(json.dumps(settings))
    others = {"Discriminator/x/bias": np.ones(3, np.float32), "global_step": np.array(7)}
    stage = folder / "stage_00003"
    write_checkpoint(stage / "model.ckpt-7", {**variables, **others})
    (stage / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-7"\n')
    return folder


@pytest.fixture
def magenta_folder(tmp_path: Path, magenta_original: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(magenta_original, tmp_path / "magenta"))
