"""Bundles forged so that they pass every look and break in use: refused, by one line, alone."""

import json
import struct

import engine_jobs
import numpy as np
import pytest

from moodprint.bundle import open_bundle, shipped_bundles, write_bundle
from moodprint.bundle.onnx_graph import _model_class
from moodprint.engine import Limits
from moodprint.errors import BundleError
from moodprint.models import acceptance
from moodprint.models.acceptance import accept
from moodprint.models.emotion_net.card import TORCH_WEIGHTS, WEIGHTS


@pytest.fixture(scope="module")
def ear():
    return open_bundle("ear")


def _written(ear, folder, content=None, **changes):
    """The bundle with other weights, or other fields of its card."""
    weights = {name: ear.read(name) for name in ear.card.files if name != TORCH_WEIGHTS}
    write_bundle(
        folder, {**ear.fields, **changes}, {**weights, WEIGHTS: content or weights[WEIGHTS]}
    )
    return folder


def _renamed_input(content):
    return content.replace(b"log_mel", b"log_lem")


def _no_numbers(ear):
    """The weights with a NaN where the emotions' biases are."""
    stored = ear.read(TORCH_WEIGHTS)
    (length,) = struct.unpack_from("<Q", stored)
    start, end = json.loads(stored[8 : 8 + length])["emotion.bias"]["data_offsets"]
    biases = stored[8 + length + start : 8 + length + end]
    content = ear.read(WEIGHTS)
    assert content.count(biases) == 1
    return content.replace(biases, np.full(len(biases) // 4, np.nan, np.float32).tobytes())


def _shorter(content):
    """Without the last operator, so that an output is missing."""
    model = _model_class().FromString(content)
    del model.graph.node[-1]
    return model.SerializeToString()


def test_a_copy_of_what_ships_is_accepted(ear, tmp_path):
    accept(open_bundle(_written(ear, tmp_path / "copy")))


def test_what_ships_is_not_tried(monkeypatch):
    monkeypatch.setattr("moodprint.models.acceptance.run", None)
    for name in shipped_bundles():
        accept(open_bundle(name))


@pytest.mark.parametrize("forge", [_renamed_input, _shorter, lambda content: content[:2_000_000]])
def test_a_network_that_does_not_work_is_refused(ear, tmp_path, forge):
    with pytest.raises(BundleError) as refused:
        accept(open_bundle(_written(ear, tmp_path / "b", forge(ear.read(WEIGHTS)))))
    assert "\n" not in str(refused.value)
    assert str(tmp_path / "b") in str(refused.value)


def test_weights_that_are_no_numbers_are_refused(ear, tmp_path):
    with pytest.raises(BundleError, match="what is no number"):
        accept(open_bundle(_written(ear, tmp_path / "b", _no_numbers(ear))))


def test_a_card_that_cuts_the_sound_otherwise_than_the_network_is_refused(ear, tmp_path):
    features = json.loads(json.dumps(ear.fields["features"]))
    features["log_mel"]["bands"] = 32
    with pytest.raises(BundleError, match="does not work"):
        accept(open_bundle(_written(ear, tmp_path / "b", features=features)))


def test_it_is_tried_once(ear, tmp_path, monkeypatch):
    bundle = open_bundle(_written(ear, tmp_path / "b"))
    accept(bundle)
    monkeypatch.setattr("moodprint.models.acceptance.run", None)
    accept(bundle)


@pytest.mark.parametrize("job", [engine_jobs.crash, engine_jobs.hang, engine_jobs.fill_memory])
def test_a_bundle_that_ends_hangs_or_fills_its_process_is_refused(ear, tmp_path, monkeypatch, job):
    bundle = open_bundle(_written(ear, tmp_path / "b"))
    monkeypatch.setattr(acceptance, "_try_out", job)
    monkeypatch.setattr(acceptance, "_LIMITS", Limits(time_s=3.0, memory_bytes=2**27))
    with pytest.raises(BundleError, match="is refused; tried on a second of noise") as refused:
        accept(bundle)
    assert "\n" not in str(refused.value)
