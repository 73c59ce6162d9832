"""Pretrained speech networks on this machine: found, named by content, loaded. Never downloaded."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from moodprint.errors import MissingExtraError, MissingWeightsError
from moodprint.files import hash_file

WEIGHT_FILES = ("model.safetensors", "pytorch_model.bin")
SAMPLE_RATE_HZ = 16_000


def find_checkpoint(checkpoint: str) -> Path:
    """The folder of a checkpoint, given as a folder or as the name of a hub model.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        MissingWeightsError: it is not on this machine; the message says how to get it.
    """
    for package in ("torch", "transformers"):
        if find_spec(package) is None:
            raise MissingExtraError(package, "deep")
    folder = Path(checkpoint)
    if not folder.is_dir():
        folder = _in_hub_cache(checkpoint)
    missing = [name for name in ("config.json",) if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in WEIGHT_FILES):
        missing.append(" or ".join(WEIGHT_FILES))
    if missing:
        raise MissingWeightsError(f"{folder}: is no checkpoint, it lacks {' and '.join(missing)}")
    return folder


@lru_cache(maxsize=8)
def weights_hash(folder: Path) -> str:
    """A hash of the weights and of how the network is built."""
    weights = next(folder / name for name in WEIGHT_FILES if (folder / name).is_file())
    return hash_file(weights) + hash_file(folder / "config.json")


def load_network(folder: Path) -> Any:
    """The bare network (a transformers model) in evaluation mode, on the CPU."""
    from transformers import AutoModel

    return AutoModel.from_pretrained(folder, local_files_only=True).eval()


def normalises(folder: Path) -> bool:
    """Whether the network takes clips of mean 0 and variance 1: yes, unless its settings say no."""
    from transformers import Wav2Vec2FeatureExtractor

    if not (folder / "preprocessor_config.json").is_file():
        return True
    settings = Wav2Vec2FeatureExtractor.from_pretrained(folder, local_files_only=True)
    return bool(settings.do_normalize)


def _in_hub_cache(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        raise MissingWeightsError(
            f"the checkpoint {name!r} is not on this machine: run  hf download {name}  "
            "or name a folder that holds one"
        ) from None
