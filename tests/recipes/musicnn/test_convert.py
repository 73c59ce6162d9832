"""recipes/musicnn/convert.py, but for reading a checkpoint, which needs TensorFlow."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from musicnn_by_numpy import random_weights

pytest.importorskip("torch", reason="the recipe needs torch")
onnx = pytest.importorskip("onnx", reason="the recipe needs onnx")

from recipes.musicnn.convert import (  # noqa: E402
    card_of,
    largest_difference,
    read_tags,
    read_variables,
    to_onnx,
)

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


@pytest.fixture
def package(tmp_path):
    """A folder like that of the installed package, with its metadata beside it."""
    folder = tmp_path / "musicnn"
    for name in ("MSD", "MTT"):
        checkpoint = folder / f"{name}_musicnn"
        checkpoint.mkdir(parents=True)
        (checkpoint / ".index").write_bytes(b"index")
        (checkpoint / ".data-00000-of-00001").write_bytes(name.encode())
    configuration = "SR = 16000\nMTT_LABELS = ['guitar', 'no piano']\nMSD_LABELS = ['rock']\n"
    (folder / "configuration.py").write_text(configuration)
    metadata = tmp_path / "musicnn-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "LICENSE.md").write_text("Copyright (c) somebody\n")
    return folder


def test_what_is_written_says_what_the_module_says():
    content = to_onnx(random_weights())
    assert largest_difference(content, random_weights()) < 1e-3
    assert largest_difference(content, random_weights(seed=1)) > 0.1


def test_the_file_takes_any_number_of_patches_and_keeps_the_weights():
    model = onnx.load_model_from_string(to_onnx(random_weights()))
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    assert [each.name for each in model.graph.output] == ["hidden", "tags"]
    kernel = np.ascontiguousarray(random_weights()["conv2d_5/kernel"][:, :, 0].transpose(2, 1, 0))
    assert kernel.tobytes() in {each.raw_data for each in model.graph.initializer}


def test_tags_are_read_from_the_package_without_running_it(package):
    assert read_tags(package, "MTT") == ["guitar", "no piano"]
    with pytest.raises(SystemExit, match="names no tags ABC_LABELS"):
        read_tags(package, "ABC")


def test_the_card_says_where_the_weights_come_from(package):
    card = card_of(package)
    hashes = card["source"]["sha256"]
    assert hashes["MTT_musicnn/.data-00000-of-00001"] == hashlib.sha256(b"MTT").hexdigest()
    assert len(hashes) == 4
    assert card["licence_text"] == "Copyright (c) somebody"
    assert card["tags"]["MSD"] == ["rock"]


def test_a_checkpoint_is_read_by_tensorflow(tmp_path):
    tensorflow = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    v1 = tensorflow.compat.v1
    with tensorflow.Graph().as_default(), v1.Session() as session:
        v1.get_variable("dense/bias", initializer=np.arange(3, dtype=np.float32))
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, f"{tmp_path}/x", write_meta_graph=False)
    for path in tmp_path.glob("x.*"):  # as musicnn's files: no name, only a suffix
        path.rename(tmp_path / path.name.removeprefix("x"))
    np.testing.assert_array_equal(read_variables(tmp_path)["dense/bias"], [0, 1, 2])
