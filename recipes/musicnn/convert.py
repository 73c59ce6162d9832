"""Bring the networks of the PyPI package musicnn from TensorFlow's checkpoints to a bundle.

    python -m recipes.musicnn.convert --package FOLDER --out src/moodprint/bundles/musicnn

FOLDER is where musicnn 0.1.0 lies (see README.md). TensorFlow reads the checkpoints, torch writes
ONNX, and what the bundle answers is compared with torch before it is written.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from moodprint.bundle import write_bundle
from moodprint.clip import FloatArray
from moodprint.models.music_tagger.card import FRAMES, SPECTROGRAM, MusicTaggerCard, weights_file
from recipes.musicnn.network import MusicnnModule, Variables

PACKAGE, VERSION = "musicnn", "0.1.0"
DATA = {
    "MSD": "Million Song Dataset, about 200,000 songs, tags of Last.fm",
    "MTT": "MagnaTagATune, about 19,000 clips, tags given in a game",
}
METRICS = {
    "about": "mean over the 50 tags on the dataset's test songs, as the package reports it",
    "MSD": {"roc_auc": 0.880, "pr_auc": 0.289},
    "MTT": {"roc_auc": 0.907, "pr_auc": 0.383},
}
LIMITS = [
    "The tags are those that listeners used up to 2011; newer kinds of music have none.",
    "It takes sound at 16 kHz: what lies over 8 kHz does not count.",
]
_CHECKPOINT = (".index", ".data-00000-of-00001")
_OPSET = 17
_LARGEST_DIFFERENCE = 1e-4


def read_variables(folder: Path) -> dict[str, FloatArray]:
    """All float variables of a TensorFlow checkpoint whose files have no name but their suffix."""
    from tensorflow.compat.v1.train import NewCheckpointReader

    # Not tf.train.load_checkpoint, which takes a prefix that ends in a slash for a folder.
    reader = NewCheckpointReader(f"{folder}/")
    names = reader.get_variable_to_shape_map()
    return {name: np.asarray(reader.get_tensor(name), np.float32) for name in names}


def read_tags(package: Path, name: str) -> list[str]:
    """The names of the 50 tags, from the package's table, in the order of the outputs."""
    tree = ast.parse((package / "configuration.py").read_text(encoding="utf-8"))
    for line in tree.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == f"{name}_LABELS":
            return list(ast.literal_eval(line.value))
    raise SystemExit(f"{package}/configuration.py names no tags {name}_LABELS: another version?")


def to_onnx(variables: Variables) -> bytes:
    """The network as ONNX: ``patches`` [B, 187, 96] to ``hidden`` [B, 200] and ``tags`` [B, 50]."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter by tracing: the newer one needs onnxscript besides, and gives no better.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            MusicnnModule(variables).eval(),
            (torch.zeros(1, FRAMES, SPECTROGRAM["mel_bands"]),),
            buffer,
            input_names=["patches"],
            output_names=["hidden", "tags"],
            dynamic_axes={"patches": {0: "batch"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    return buffer.getvalue()


def largest_difference(content: bytes, variables: Variables, seed: int = 0) -> float:
    """Between what onnxruntime and torch say of two random patches."""
    import onnxruntime

    shape = (2, FRAMES, SPECTROGRAM["mel_bands"])
    patches = np.random.default_rng(seed).uniform(0, 4, shape).astype(np.float32)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        expected = MusicnnModule(variables)(torch.from_numpy(patches))
    answers = session.run(None, {"patches": patches})
    pairs = zip(answers, expected, strict=True)
    return max(float(np.abs(answer - truth.numpy()).max()) for answer, truth in pairs)


def card_of(package: Path) -> dict[str, Any]:
    """The card: where the networks come from, what they take and give, and who may use them."""
    licence = package.with_name(f"{PACKAGE}-{VERSION}.dist-info") / "LICENSE.md"
    return {
        "name": PACKAGE,
        "version": VERSION,
        "kind": MusicTaggerCard.kind,
        "labels": [],
        "about": "Pons and Serra, musicnn: pre-trained convolutional neural networks for music "
        "audio tagging, ISMIR 2019",
        "features": {
            **SPECTROGRAM,
            "scale": "log10(10000 x + 1) of the power in Slaney's mel bands",
            "frames_per_patch": FRAMES,
        },
        "tags": {name: read_tags(package, name) for name in DATA},
        "source": {
            "package": f"{PACKAGE} {VERSION} (PyPI)",
            "sha256": {
                f"{name}_musicnn/{part}": _sha256(package / f"{name}_musicnn" / part)
                for name in DATA
                for part in _CHECKPOINT
            },
        },
        "data": [{"corpus": DATA[name], "network": weights_file(name)} for name in DATA],
        "training": {"by": "Jordi Pons and Xavier Serra, 2019", "recipe": "recipes/musicnn"},
        "metrics": METRICS,
        "limits": LIMITS,
        "licence": "ISC",
        "licence_text": licence.read_text(encoding="utf-8").strip(),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--package", type=Path, required=True, help="the folder of musicnn 0.1.0")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    weights = {}
    for name in DATA:
        file = weights_file(name)
        variables = read_variables(options.package / f"{name}_musicnn")
        weights[file] = to_onnx(variables)
        difference = largest_difference(weights[file], variables)
        print(f"{file}: {len(weights[file])} bytes, differs from torch by {difference:.1e}")
        if difference > _LARGEST_DIFFERENCE:
            raise SystemExit(f"{file} does not say what the network says; nothing was written")
    write_bundle(options.out, card_of(options.package), weights)


if __name__ == "__main__":
    main()
