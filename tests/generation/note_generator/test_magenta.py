import json
from pathlib import Path

import literal_generator
import numpy as np
import pytest
from tensorflow_writer import write_checkpoint

from moodprint.errors import BundleError, MissingFileError
from moodprint.generation.note_generator.magenta import newest_stage, read_magenta

Variables = dict[str, np.ndarray]
PLACE = "Generator/progressive_gan_generator/progressive_gan_block_"


def test_kernels_are_scaled_by_their_fan_in_and_biases_are_not(
    magenta_folder: Path, variables: Variables
) -> None:
    weights = read_magenta(magenta_folder)
    assert len(weights.blocks) == 7
    stored = variables[f"{PLACE}2/conv0/conv2d/kernel"]
    np.testing.assert_allclose(weights.blocks[1].conv0.kernel, stored * np.sqrt(2 / 72), rtol=1e-6)
    stored = variables[f"{PLACE}7/to_rgb/conv2d/kernel"]
    np.testing.assert_allclose(weights.blocks[6].to_rgb.kernel, stored * np.sqrt(1 / 8), rtol=1e-6)
    np.testing.assert_array_equal(weights.blocks[3].conv1.bias, variables[f"{PLACE}4/conv1/bias"])


def test_the_normaliser_comes_from_the_settings(magenta_folder: Path) -> None:
    normalizer = read_magenta(magenta_folder).normalizer
    assert normalizer.magnitude_a == 0.0661
    assert normalizer.phase_b == 0.05


def test_moving_averages_are_preferred_one_by_one(
    magenta_folder: Path, variables: Variables
) -> None:
    name = f"{PLACE}1/conv1/conv2d/kernel"
    average = {f"{name}/ExponentialMovingAverage": np.full_like(variables[name], 2)}
    write_checkpoint(magenta_folder / "stage_00003/model.ckpt-7", {**variables, **average})
    block = read_magenta(magenta_folder).blocks[0]
    np.testing.assert_allclose(block.conv1.kernel, 2 * np.sqrt(2 / 72), rtol=1e-6)
    np.testing.assert_array_equal(block.conv1.bias, variables[f"{PLACE}1/conv1/bias"])


def test_the_newest_stage_is_that_of_the_highest_number_with_a_checkpoint(
    magenta_folder: Path,
) -> None:
    for stage in ("stage_00002", "stage_00010"):
        write_checkpoint(magenta_folder / stage / "model.ckpt-1", {})
        (magenta_folder / stage / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-1"')
    (magenta_folder / "stage_00011").mkdir()
    (magenta_folder / "stage_last").mkdir()
    assert newest_stage(magenta_folder) == magenta_folder / "stage_00010" / "model.ckpt-1"


def test_a_folder_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"experiment\.json"):
        read_magenta(tmp_path)
    (tmp_path / "experiment.json").write_text("{}")
    with pytest.raises(MissingFileError, match="stage_"):
        read_magenta(tmp_path)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("{", "no JSON"),
        ("[]", "no settings"),
        ("{}", "lacks a number"),
        (json.dumps({**literal_generator.NORMALIZER, "data_type": "linear"}), "data_type"),
        (json.dumps({**literal_generator.NORMALIZER, "p_normalizer_a": 0}), "divided"),
    ],
)
def test_settings_that_cannot_be_read_say_so(
    magenta_folder: Path, settings: str, says: str
) -> None:
    (magenta_folder / "experiment.json").write_text(settings)
    with pytest.raises(BundleError, match=says):
        read_magenta(magenta_folder)


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        (f"{PLACE}5/to_rgb/bias", "lacks the variable .*5/to_rgb/bias"),
        (f"{PLACE}3/", r"\[1, 2, 4"),
        ("Generator", r"\[\]"),
    ],
)
def test_missing_variables_are_named(
    magenta_folder: Path, variables: Variables, lost: str, says: str
) -> None:
    kept = {name: value for name, value in variables.items() if not name.startswith(lost)}
    write_checkpoint(magenta_folder / "stage_00003/model.ckpt-7", kept)
    with pytest.raises(BundleError, match=says):
        read_magenta(magenta_folder)
