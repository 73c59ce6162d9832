import json
import os
import subprocess
import sys
from pathlib import Path

import literal_generator
import numpy as np
import pytest
from magenta_checkpoint import FakeReader, write_folder

from moodprint.errors import BundleError, MissingExtraError, MissingFileError
from moodprint.generation.note_generator.magenta import (
    import_magenta,
    network_of,
    newest_stage,
    read_magenta,
    read_settings,
)

Variables = dict[str, np.ndarray]
PLACE = "Generator/progressive_gan_generator/progressive_gan_block_"


def test_the_newest_stage_is_that_of_the_highest_number_with_a_checkpoint(tmp_path: Path) -> None:
    for stage in ("stage_00002", "stage_00010", "stage_00003"):
        (tmp_path / stage).mkdir()
        (tmp_path / stage / "checkpoint").touch()
    (tmp_path / "stage_00011").mkdir()
    (tmp_path / "stage_last").mkdir()
    assert newest_stage(tmp_path).name == "stage_00010"


def test_a_folder_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"experiment\.json"):
        read_magenta(tmp_path)
    (tmp_path / "experiment.json").write_text(json.dumps(literal_generator.NORMALIZER))
    with pytest.raises(MissingFileError, match="stage_"):
        read_magenta(tmp_path)


def test_the_normaliser_comes_from_the_settings(magenta_folder: Path) -> None:
    normalizer = read_settings(magenta_folder / "experiment.json")
    assert (normalizer.magnitude_a, normalizer.magnitude_b) == (0.0661, 0.1137)
    assert (normalizer.phase_a, normalizer.phase_b) == (0.8, 0.05)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("{", "cannot be used"),
        ("[]", r"the whole is \[\], not an object"),
        ("{}", "mag_normalizer_a is missing"),
        (json.dumps({**literal_generator.NORMALIZER, "p_normalizer_b": "x"}), "p_normalizer_b"),
        (json.dumps({**literal_generator.NORMALIZER, "data_type": "linear"}), "data_type"),
        (json.dumps({**literal_generator.NORMALIZER, "simple_arch": True}), "simple_arch"),
        (json.dumps({**literal_generator.NORMALIZER, "p_normalizer_a": 0}), "cannot be undone"),
    ],
)
def test_settings_that_cannot_be_read_say_so(tmp_path: Path, settings: str, says: str) -> None:
    (tmp_path / "experiment.json").write_text(settings)
    with pytest.raises(BundleError, match=says):
        read_settings(tmp_path / "experiment.json")


def test_without_tensorflow_one_line_says_what_to_run(
    magenta_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(MissingExtraError, match=r"tensorflow-cpu.*pip install.*\[magenta\]"):
        import_magenta(magenta_folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_torch_one_line_says_what_to_run(
    variables: Variables, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "moodprint.generation.note_generator.network_torch"
    monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"'torch'.*\[magenta\]"):
        network_of(FakeReader(variables))


class TestWithTorch:
    """What a checkpoint's variables become in a network."""

    @pytest.fixture(autouse=True)
    def _torch(self) -> None:
        pytest.importorskip("torch", reason="the network is torch's")

    def test_kernels_and_biases_come_as_they_are_stored(
        self, magenta_folder: Path, variables: Variables
    ) -> None:
        network, _ = read_magenta(magenta_folder, lambda _: FakeReader(variables))
        assert len(network.blocks) == 7
        assert network.parameter_count == sum(v.size for v in variables.values())
        for block, part in ((2, "conv0"), (7, "to_rgb"), (4, "conv1")):
            conv = getattr(network.blocks[block - 1], part)
            kernel = variables[f"{PLACE}{block}/{part}/conv2d/kernel"]
            stored = conv.weight.detach().permute(2, 3, 1, 0)
            np.testing.assert_array_equal(stored, kernel)
            np.testing.assert_array_equal(
                conv.bias.detach(), variables[f"{PLACE}{block}/{part}/bias"]
            )

    def test_kernels_are_scaled_in_use_by_their_fan_in(self, variables: Variables) -> None:
        network = network_of(FakeReader(variables))
        stored = variables[f"{PLACE}3/conv1/conv2d/kernel"].transpose(3, 2, 0, 1)
        kernel = network.blocks[2].conv1.kernel.detach()
        np.testing.assert_allclose(kernel, stored * np.sqrt(2 / 72), rtol=1e-6)
        stored = variables[f"{PLACE}7/to_rgb/conv2d/kernel"].transpose(3, 2, 0, 1)
        kernel = network.blocks[6].to_rgb.kernel.detach()
        np.testing.assert_allclose(kernel, stored * np.sqrt(1 / 8), rtol=1e-6)

    def test_moving_averages_are_preferred_one_by_one(self, variables: Variables) -> None:
        name = f"{PLACE}1/conv1/conv2d/kernel"
        averages = {f"{name}/ExponentialMovingAverage": np.full_like(variables[name], 2)}
        conv = network_of(FakeReader({**variables, **averages})).blocks[0].conv1
        assert (conv.weight == 2).all()
        np.testing.assert_array_equal(conv.bias.detach(), variables[f"{PLACE}1/conv1/bias"])

    def test_other_variables_are_passed_over(self, variables: Variables) -> None:
        others = {"Discriminator/x/bias": np.ones(3, np.float32), "global_step": np.array(7)}
        network = network_of(FakeReader({**variables, **others}))
        assert network.parameter_count == sum(v.size for v in variables.values())

    @pytest.mark.parametrize(
        ("lost", "says"),
        [
            (f"{PLACE}5/to_rgb/bias", "lacks the variable .*5/to_rgb/bias"),
            (f"{PLACE}5/conv0/bias", "lacks the variable .*5/conv0/bias"),
            (f"{PLACE}3/", r"blocks \[1, 2, 4, 5, 6, 7\]; expected 1 to 7"),
            ("Generator", r"blocks \[\]"),
        ],
    )
    def test_missing_variables_are_named(
        self, magenta_folder: Path, variables: Variables, lost: str, says: str
    ) -> None:
        kept = {name: value for name, value in variables.items() if not name.startswith(lost)}
        with pytest.raises(BundleError, match=f"stage_00003: its checkpoint .*{says}"):
            read_magenta(magenta_folder, lambda _: FakeReader(kept))

    @pytest.mark.parametrize(
        ("name", "values", "says"),
        [
            ("4/conv1/conv2d/kernel", np.ones((3, 3, 8, 9)), r"\(3, 3, 8, 9\) and \(8,\); exp"),
            ("4/conv1/conv2d/kernel", np.ones(8), r"4/conv1 of the shapes \(8,\)"),
            ("4/conv1/bias", np.full(8, np.nan), "4/conv1/bias that are not finite"),
        ],
    )
    def test_variables_that_do_not_fit_are_named(
        self, variables: Variables, name: str, values: np.ndarray, says: str
    ) -> None:
        with pytest.raises(BundleError, match=says):
            network_of(FakeReader({**variables, f"{PLACE}{name}": values}))

    @pytest.mark.long
    def test_a_checkpoint_that_tensorflow_wrote_plays_as_the_original(self, tmp_path: Path) -> None:
        for package in ("tensorflow", "onnxscript"):
            pytest.importorskip(package, reason="extra magenta")
        variables = literal_generator.random_variables(4, (6, 6))
        folder = write_folder(tmp_path / "run", p_normalizer_b=0.0)
        np.savez(tmp_path / "variables.npz", **variables)
        # In a process of its own: TensorFlow warns of much on import, and threads stay behind.
        done = subprocess.run(
            [sys.executable, "-c", _IMPORT, str(tmp_path)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert done.returncode == 0, done.stderr
        assert "Variable" not in done.stderr
        from moodprint.generation.note_generator import load_generator

        generator = load_generator(tmp_path / "out")
        assert (generator.card.name, generator.card.blocks) == (folder.name, 2)
        latents = np.random.default_rng(1).normal(size=(1, 256)).astype(np.float32)
        ours = generator.melspecgram(latents, [60])
        literal = literal_generator.melspecgram(variables, latents, np.array([60]))
        literal[..., 1] += 0.05 / 0.8  # this run's normaliser has no offset
        whole = literal.repeat(32, axis=1).repeat(32, axis=2)
        np.testing.assert_allclose(ours, whole, atol=5e-4)


_IMPORT = """
import sys
from pathlib import Path
import numpy as np
import tensorflow as tf
from moodprint.errors import BundleError
from moodprint.generation.note_generator.magenta import import_magenta, load_checkpoint

folder = Path(sys.argv[1])
variables = dict(np.load(folder / "variables.npz"))
names = list(variables)
stage = folder / "run/stage_00003"
try:
    load_checkpoint(stage)
except BundleError as error:
    assert "stage_00003: holds no checkpoint" in str(error), error
else:
    raise SystemExit("a checkpoint that is not there was read")
tensors = [tf.constant(variables[name]) for name in names]
tf.raw_ops.SaveV2(
    prefix=str(stage / "model"), tensor_names=names, shape_and_slices=[""] * len(names),
    tensors=tensors,
)
import_magenta(folder / "run", folder / "out")
"""
