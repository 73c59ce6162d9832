import shutil
from pathlib import Path

import literal_generator
import numpy as np
import pytest
from magenta_checkpoint import write_folder

from moodprint.bundle import DEFAULT_GENERATOR, shipped_bundles

WIDTHS = (8, 10, 8, 8, 8, 6, 8)


@pytest.fixture(scope="session")
def variables() -> dict[str, np.ndarray]:
    """The variables of a small generator of all seven blocks, as Magenta names them."""
    return literal_generator.random_variables(1, WIDTHS)


@pytest.fixture
def magenta_folder(tmp_path: Path) -> Path:
    """A training folder of Magenta's whose checkpoint a fake reader has to open."""
    return write_folder(tmp_path / "magenta")


@pytest.fixture
def own_bundle(tmp_path: Path) -> Path:
    """A copy of the shipped generator, to be changed."""
    shipped = shipped_bundles()[DEFAULT_GENERATOR]
    return Path(shutil.copytree(shipped, tmp_path / "bundle"))
