"""Checkpoints of speech networks are found on this machine, or it is said what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moodprint.errors import MissingExtraError, MissingWeightsError
from moodprint.features import speech_checkpoint
from moodprint.features.speech_checkpoint import find_checkpoint, normalises, weights_hash


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch):
    """Pretend that only these packages are installed."""

    def install(*names: str) -> None:
        found = {name: object() for name in names}
        monkeypatch.setattr(speech_checkpoint, "find_spec", found.get)

    return install


@pytest.fixture
def folder(tmp_path: Path, packages) -> Path:
    """A folder with what a checkpoint needs, though no network could be made of it."""
    packages("torch", "transformers")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    return tmp_path


@pytest.mark.parametrize(("installed", "missing"), [((), "torch"), (("torch",), "transformers")])
def test_the_first_missing_package_is_named(packages, installed, missing: str) -> None:
    packages(*installed)
    with pytest.raises(MissingExtraError, match=rf"'{missing}'.*\[deep\]"):
        find_checkpoint("anything")


def test_a_whole_folder_is_a_checkpoint(folder: Path) -> None:
    assert find_checkpoint(str(folder)) == folder


def test_weights_in_the_old_format_will_do(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert find_checkpoint(str(folder)) == folder


@pytest.mark.parametrize("lost", ["config.json", "model.safetensors"])
def test_what_a_folder_lacks_is_named(folder: Path, lost: str) -> None:
    (folder / lost).unlink()
    with pytest.raises(MissingWeightsError, match=f"is no checkpoint, it lacks {lost}"):
        find_checkpoint(str(folder))


def test_the_hash_follows_weights_and_settings(folder: Path) -> None:
    hashes = set()
    for name, content in (
        ("config.json", b"{}"),
        ("config.json", b"{ }"),
        ("model.safetensors", b"other weights"),
    ):
        (folder / name).write_bytes(content)
        weights_hash.cache_clear()
        hashes.add(weights_hash(folder))
    weights_hash.cache_clear()
    assert len(hashes) == 3


@pytest.mark.parametrize(("setting", "expected"), [(None, True), (True, True), (False, False)])
def test_clips_are_normalised_unless_the_settings_say_no(
    tmp_path: Path, setting: bool | None, expected: bool
) -> None:
    pytest.importorskip("transformers", reason="the extra deep is not installed")
    if setting is not None:
        settings = {
            "do_normalize": setting,
            "feature_extractor_type": "Wav2Vec2FeatureExtractor",
            "feature_size": 1,
            "padding_value": 0.0,
            "sampling_rate": 16_000,
        }
        (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings))
    assert normalises(tmp_path) is expected
