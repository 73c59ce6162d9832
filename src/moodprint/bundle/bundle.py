"""Bundles opened, read and written.

Nothing in a bundle is code: weights are ONNX, safetensors or skops, never pickle, and each file
must have the SHA-256 that the card gives, so a cut download is told from a whole one. What a
stranger may have made is read with limits (see `members`, `onnx_graph`); before a command works
with it, `models.acceptance` tries it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from moodprint.bundle.card import Card
from moodprint.bundle.kinds import KINDS, BundleKind
from moodprint.bundle.members import CARD_BYTES, WEIGHTS_BYTES, read_member
from moodprint.bundle.onnx_graph import check_graph
from moodprint.errors import BundleError, unknown_name
from moodprint.files import write_atomically
from moodprint.import_name import import_name
from moodprint.json_fields import Fields
from moodprint.outputs import AnyPath

CARD = "card.json"
DEFAULT, DEFAULT_GENERATOR, DEFAULT_MUSIC_GENERATOR = "ear", "band", "painter"

_SHIPPED = Path(__file__).parents[1] / "bundles"

CardType = TypeVar("CardType", bound=Card)


@dataclass(frozen=True)
class Bundle:
    """An opened bundle: what its card says, and its files' bytes on request.

    ``card`` is typed and checked, of the class that its kind has in ``KINDS``; ``fields`` is all
    that ``card.json`` says, for people to read and for copies.
    """

    path: Path
    kind: BundleKind
    card: Card
    fields: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name and version, as answers carry it: ``ear-1``."""
        return f"{self.card.name}-{self.card.version}"

    @property
    def shipped(self) -> bool:
        """Whether it is one that comes with moodprint, so that nobody else made it."""
        return self.path.parent == _SHIPPED

    def card_as(self, kind_of_card: type[CardType]) -> CardType:
        """The card, where it is of that class.

        Raises:
            BundleError: the bundle is of another kind.
        """
        if not isinstance(self.card, kind_of_card):
            raise BundleError(
                f"{self.path}: is a bundle of kind {self.kind}, not {kind_of_card.kind}"
            )
        return self.card

    def load(self, threads: int = 1) -> Any:
        """What uses a bundle of this kind, on so many threads: see ``KINDS``.

        Raises:
            BundleError: its weights do not load.
        """
        return import_name(KINDS[self.kind].loader)(self, threads)

    def read(self, name: str) -> bytes:
        """The bytes of a file of the bundle, checked against the card.

        Raises:
            BundleError: the card does not list it, it is missing, or its bytes have changed.
        """
        expected = self.card.files.get(name)
        if expected is None:
            raise BundleError(f"{self.path}: its card lists no file {name!r}")
        content = read_member(self.path, name, WEIGHTS_BYTES)
        if hashlib.sha256(content).hexdigest() != expected:
            raise BundleError(f"{self.path}: {name} is not what its card says; fetch it anew")
        return content

    def beside(self, name: str) -> bytes:
        """The bytes of a file that lies in the bundle and that its card need not list.

        Raises:
            BundleError: it is not there, or cannot be read.
        """
        return read_member(self.path, name, WEIGHTS_BYTES)

    def session(self, name: str, threads: int = 1) -> Any:
        """An ONNX Runtime session of a network of the bundle: on the CPU, one operator at a time,
        on ``threads`` threads (0: one a core).

        Raises:
            BundleError: as ``read``, the file holds what no bundle may (see ``onnx_graph``), or
                ONNX Runtime does not load it.
        """
        content = self.read(name)
        if not self.shipped:
            try:
                check_graph(content)
            except BundleError as error:
                raise BundleError(f"{self.path}: {name} does not load: it {error}") from error
        import onnxruntime  # 0.1 s that `models list` need not wait for

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors: exported graphs name weights that are not used
        try:
            return onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors share no class of their own
            words = " ".join(str(error).split())[:300]
            raise BundleError(f"{self.path}: {name} does not load ({words})") from error


def open_bundle(name: str | PathLike[str] = DEFAULT, *, typed: bool = True) -> Bundle:
    """A bundle by the name of one that ships with moodprint, or by the path of a folder or zip.

    Its card is of the class of its kind. Where that is not needed, as in a list, ``typed`` False
    spares loading the code of the kind: then of the card only what all kinds share is checked.

    Raises:
        OptionError: neither a shipped name nor a path.
        BundleError: not a bundle, or its card is not what a card of its kind must be.
    """
    shipped = shipped_bundles()
    path = shipped.get(str(name)) or Path(name)
    if not path.exists():
        raise unknown_name("model", str(name), shipped)
    try:
        content = read_member(path, CARD, CARD_BYTES)
        fields = json.loads(content, parse_constant=_refuse_constant)
        kind = _kind(Fields(fields).text("kind"))
        card = (import_name(KINDS[kind].card) if typed else Card).from_dict(fields)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path}: its {CARD} cannot be used: {error}") from error
    return Bundle(path, kind, card, fields)


def shipped_bundles() -> dict[str, Path]:
    """The bundles that come with the package, by name."""
    if not _SHIPPED.is_dir():
        return {}
    return {path.name: path for path in sorted(_SHIPPED.iterdir()) if (path / CARD).is_file()}


def write_bundle(folder: AnyPath, card: Mapping[str, Any], weights: Mapping[str, bytes]) -> None:
    """Write weights and their card, with the checksums filled in. The card comes last, so a
    folder with a card is whole."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).unlink(missing_ok=True)
    for name, content in weights.items():
        write_atomically(folder / name, content)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in weights.items()}
    text = json.dumps({**card, "files": sums}, indent=2, ensure_ascii=False)
    write_atomically(folder / CARD, text + "\n")


def _kind(name: str) -> BundleKind:
    try:
        return BundleKind(name)
    except ValueError:
        raise unknown_name("kind of bundle", name, BundleKind) from None


def _refuse_constant(name: str) -> Any:
    """JSON has no NaN and no infinity; Python's reader takes them."""
    raise ValueError(f"{name} is no number")
