"""Latents and spectrograms go through the networks; a bundle that answers otherwise is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from moodprint.bundle import open_bundle
from moodprint.errors import BundleError
from moodprint.generation.diffusion.network import Guide, MusicNetwork, load_network


def _copy(tiny: Path, folder: Path, **changes: object) -> Path:
    shutil.copytree(tiny, folder)
    fields = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**fields, **changes}))
    return folder


def test_levels_stay_within_the_range_of_the_card(network: MusicNetwork):
    latents = np.random.default_rng(1).standard_normal((8, 68, 16), np.float32) * 3
    mel_db = network.decoded(latents)
    assert mel_db.shape == (68 * 8, 128)
    assert mel_db.min() >= network.spectrogram.floor_db
    assert mel_db.max() <= network.spectrogram.floor_db + network.card.range_db + 1e-3


def test_a_spectrogram_has_latents(network: MusicNetwork):
    latents = network.encoded(np.full((96, 128), -40, np.float32))
    assert latents.shape == (8, 12, 16)


def test_threads_change_no_bit(tiny: Path):
    rng = np.random.default_rng(1)
    windows = list(rng.standard_normal((5, 8, 64, 16), np.float32))
    guides = [Guide(*rng.random((2, 64), np.float32))] * 5
    answers = [load_network(tiny, threads=n).velocities(windows, 0.5, guides) for n in (1, 3)]
    assert np.array_equal(*answers)


def test_a_bundle_of_another_kind_is_refused():
    with pytest.raises(BundleError, match="is a bundle of kind"):
        load_network("band")


def test_without_an_encoder_there_is_no_start_from_sound(tiny: Path, tmp_path: Path):
    fields = json.loads((tiny / "card.json").read_text())
    files = {name: sum_ for name, sum_ in fields["files"].items() if name != "encoder.onnx"}
    folder = _copy(tiny, tmp_path / "bundle", files=files)
    with pytest.raises(BundleError, match="no encoder"):
        MusicNetwork(open_bundle(folder)).encoded(np.zeros((64, 128), np.float32))


def test_networks_of_another_form_are_refused_before_they_are_used(tiny: Path, tmp_path: Path):
    fields = json.loads((tiny / "card.json").read_text())
    short = {**fields["latents"], "frames": 60}
    folder = _copy(tiny, tmp_path / "bundle", latents=short)
    with pytest.raises(BundleError, match="does not work"):
        load_network(folder)
