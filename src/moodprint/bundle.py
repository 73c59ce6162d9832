"""A trained model on disk: a folder or zip of weights and ``card.json``, which says what they are.

Nothing in a bundle is code: weights are ONNX, safetensors or skops, never pickle, and each file
must have the SHA-256 that the card gives, so a cut download is told from a whole one.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from moodprint.emotion import EMOTIONS
from moodprint.errors import BundleError, unknown_name
from moodprint.files import write_atomically

CARD = "card.json"
DEFAULT, DEFAULT_GENERATOR = "ear", "band"
_SUFFIXES = frozenset({".onnx", ".safetensors", ".skops", ".json", ".md", ".txt"})


@dataclass(frozen=True)
class Bundle:
    """An opened bundle: its card, and its files' bytes on request.

    ``kind`` says which part of moodprint can use it (``ear``: log-mel to emotions).
    """

    path: Path
    card: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name and version, as answers carry it: ``ear-1``."""
        return f"{self.card['name']}-{self.card['version']}"

    @property
    def kind(self) -> str:
        return str(self.card["kind"])

    def read(self, name: str) -> bytes:
        """The bytes of a file of the bundle, checked against the card.

        Raises:
            BundleError: the card does not list it, it is missing, or its bytes have changed.
        """
        expected = self.card["files"].get(name)
        if expected is None:
            raise BundleError(f"{self.path}: its card lists no file {name!r}")
        content = _read(self.path, name)
        if hashlib.sha256(content).hexdigest() != expected:
            raise BundleError(f"{self.path}: {name} is not what its card says; fetch it anew")
        return content

    def beside(self, name: str) -> bytes:
        """The bytes of a file that lies in the bundle and that its card need not list.

        Raises:
            BundleError: it is not there, or cannot be read.
        """
        return _read(self.path, name)

    def need(self, *keys: str) -> Any:
        """A value of the card by its path of keys.

        Raises:
            BundleError: the card does not have it.
        """
        value: Any = self.card
        for key in keys:
            if not isinstance(value, Mapping) or key not in value:
                raise BundleError(f"{self.path}: its card lacks {'.'.join(keys)!r}")
            value = value[key]
        return value


def open_bundle(name: str | PathLike[str] = DEFAULT) -> Bundle:
    """A bundle by the name of one that ships with moodprint, or by the path of a folder or zip.

    Raises:
        OptionError: neither a shipped name nor a path. BundleError: not a bundle, or broken.
    """
    shipped = shipped_bundles()
    path = shipped.get(str(name)) or Path(name)
    if not path.exists():
        raise unknown_name("model", str(name), shipped)
    try:
        card = json.loads(_read(path, CARD))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path}: its {CARD} is not JSON ({error})") from error
    _check(path, card)
    return Bundle(path, card)


def shipped_bundles() -> dict[str, Path]:
    """The bundles that come with the package, by name."""
    root = Path(str(files("moodprint") / "bundles"))
    if not root.is_dir():
        return {}
    return {path.name: path for path in sorted(root.iterdir()) if (path / CARD).is_file()}


def write_bundle(folder: Path, card: Mapping[str, Any], weights: Mapping[str, bytes]) -> None:
    """Write weights and their card, with the checksums filled in. The card comes last, so a
    folder with a card is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).unlink(missing_ok=True)
    for name, content in weights.items():
        write_atomically(folder / name, content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in weights.items()}
    text = json.dumps({**card, "files": sums}, indent=2, ensure_ascii=False)
    write_atomically(folder / CARD, text + "\n")


def _read(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            return (path / name).read_bytes()
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (KeyError, FileNotFoundError):
        raise BundleError(f"{path}: has no {name}; it is no model bundle, or not whole") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BundleError(f"{path}: is no model bundle ({error})") from error


def _check(path: Path, card: Any) -> None:
    needed = {"name": str, "version": str, "kind": str, "labels": list, "files": dict}
    if not isinstance(card, dict):
        raise BundleError(f"{path}: its {CARD} holds no object")
    for key, kind in needed.items():
        if not isinstance(card.get(key), kind):
            raise BundleError(f"{path}: its card needs {key!r} of type {kind.__name__}")
    if card["kind"] == "ear" and card["labels"] != [emotion.value for emotion in EMOTIONS]:
        raise BundleError(f"{path}: its labels are {card['labels']}, not {list(EMOTIONS)}")
    for name in card["files"]:
        if Path(name).name != name or Path(name).suffix not in _SUFFIXES:
            raise BundleError(f"{path}: its card lists {name!r}, which a bundle may not hold")
