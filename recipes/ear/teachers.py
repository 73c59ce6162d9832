"""The two networks that our ear learns from. Both hear mono float32 at 16 kHz, shape [N].

YAMNet (Google, Apache-2.0): 521 AudioSet classes and a 1,024-d embedding of each 0.975 s.
MusiCNN (Pons and Serra, ISC, from PyPI's musicnn 0.1.0): 50 tags of the Million Song Dataset and
a 200-d embedding of each 3 s; "musicnn: Pre-trained convolutional neural networks for music audio
tagging", ISMIR 2019.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from moodprint.audio.mel import SLANEY, mel_edges_hz, triangles
from moodprint.audio.spectrogram import LogMel
from moodprint.audio.stft import frequencies_hz
from moodprint.clip import FloatArray

ROW_S = 0.5
"""Our ear and its teachers give a row for each half second; row r is centred on (r + 0.5) / 2 s."""


@dataclass(frozen=True)
class Lesson:
    """What a teacher says of each row: logits [R, K] and an embedding [R, D]."""

    logits: FloatArray
    embedding: FloatArray


class Yamnet:
    """YAMNet's TensorFlow Lite file, asked once for each half second."""

    sample_rate_hz = 16_000
    window = 15_600
    _EMBEDDING = "yamnet_frames/global_average_pooling2d/Mean"

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # keeping all tensors is how the embedding is had
            self._net = Interpreter(
                str(path), num_threads=1, experimental_preserve_all_tensors=True
            )
        self._net.allocate_tensors()
        self._input = self._net.get_input_details()[0]["index"]
        self._scores = self._net.get_output_details()[0]["index"]
        self._embedding = next(
            tensor["index"]
            for tensor in self._net.get_tensor_details()
            if tensor["name"] == self._EMBEDDING
        )

    def infer(self, samples: FloatArray, rows: int) -> Lesson:
        step = round(ROW_S * self.sample_rate_hz)
        lead = (self.window - step) // 2
        padded = np.pad(samples, (lead, self.window + rows * step))
        heard = [self._patch(padded[row * step :][: self.window]) for row in range(rows)]
        scores = np.clip(np.array([row[0] for row in heard], np.float32), 1e-6, 1 - 1e-6)
        return Lesson(
            np.log(scores / (1 - scores)), np.array([row[1] for row in heard], np.float32)
        )

    def _patch(self, samples: FloatArray) -> tuple[FloatArray, FloatArray]:
        self._net.set_tensor(self._input, samples[None])
        self._net.invoke()
        return self._net.get_tensor(self._scores)[0], self._net.get_tensor(self._embedding)[0]


class MusiCNN:
    """MusiCNN's MSD network, rebuilt in PyTorch from its TensorFlow checkpoint.

    A patch is 187 frames (3 s); patches follow one another without overlap, and the rows within
    one share its answer.
    """

    sample_rate_hz = 16_000
    _FRAMES = 187
    _HOP = 256

    def __init__(self, variables: dict[str, np.ndarray]) -> None:
        self._weights = {name: torch.from_numpy(value) for name, value in variables.items()}
        self._mel = torch.from_numpy(_slaney_filters(96, 512, self.sample_rate_hz))
        self._window = torch.hann_window(512)

    @classmethod
    def from_package(cls) -> MusiCNN:
        from moodprint.models.tensor_bundle import read_checkpoint

        spec = find_spec("musicnn")
        if spec is None or not spec.submodule_search_locations:
            raise SystemExit("run  pip install --no-deps musicnn==0.1.0")
        folder = Path(spec.submodule_search_locations[0]) / "MSD_musicnn"
        return cls(dict(read_checkpoint(folder / "")))

    @torch.inference_mode()
    def infer(self, samples: FloatArray, rows: int) -> Lesson:
        frames = self._log_mel(torch.from_numpy(samples))
        patches = max(1, round(len(frames) / self._FRAMES))
        frames = functional.pad(frames, (0, 0, 0, max(0, patches * self._FRAMES - len(frames))))
        batch = frames[: patches * self._FRAMES].reshape(patches, 1, self._FRAMES, 96)
        with torch.autocast("cpu", torch.bfloat16):  # 1.7 times as fast, 1.5 % off
            answers = [self._patches(part) for part in batch.split(8)]
        logits, embedding = (torch.cat(part).float().numpy() for part in zip(*answers, strict=True))
        patch_s = self._FRAMES * self._HOP / self.sample_rate_hz
        patch = np.minimum((np.arange(rows) + 0.5) * ROW_S // patch_s, patches - 1).astype(int)
        return Lesson(logits[patch], embedding[patch])

    def _log_mel(self, samples: torch.Tensor) -> torch.Tensor:
        if len(samples) < 512:
            samples = functional.pad(samples, (0, 512 - len(samples)))
        spectrum = torch.stft(
            samples, 512, self._HOP, window=self._window, pad_mode="reflect", return_complex=True
        )
        power = spectrum.abs().square().T
        return torch.log10(10_000 * (power @ self._mel) + 1)

    def _patches(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[P, 1, 187, 96] to tag logits [P, 50] and the penultimate layer [P, 200]."""
        x = self._norm(x, 0)
        wide = functional.pad(x, (0, 0, 3, 3))
        front = [self._conv(wide, 0, 1), self._conv(wide, 1, 2)]
        for index, length in ((2, 128), (3, 64), (4, 32)):
            same = functional.pad(x, (0, 0, (length - 1) // 2, length // 2))
            front.append(self._conv(same, index, index + 1))
        pooled = torch.cat([part.amax(dim=3) for part in front], dim=1)  # [P, C, 187]
        first = self._mid(pooled, 5, 6)
        second = self._mid(first, 6, 7) + first
        third = self._mid(second, 7, 8) + second
        dense = torch.cat([pooled, first, second, third], dim=1)
        # The maximum and the mean of a channel lie side by side.
        flat = torch.stack([dense.amax(dim=2), dense.mean(dim=2)], dim=2).flatten(1)
        hidden = self._norm(functional.relu(self._dense(self._norm(flat, 9), 0)), 10)
        return self._dense(hidden, 1), hidden

    def _conv(self, x: torch.Tensor, conv: int, norm: int) -> torch.Tensor:
        name = "conv2d" if conv == 0 else f"conv2d_{conv}"
        kernel = self._weights[f"{name}/kernel"].permute(3, 2, 0, 1)
        return self._norm(
            functional.relu(functional.conv2d(x, kernel, self._weights[f"{name}/bias"])), norm
        )

    def _mid(self, x: torch.Tensor, conv: int, norm: int) -> torch.Tensor:
        as_picture = functional.pad(x.transpose(1, 2)[:, None], (0, 0, 3, 3))
        return self._conv(as_picture, conv, norm)[..., 0]

    def _norm(self, x: torch.Tensor, index: int) -> torch.Tensor:
        name = "batch_normalization" if index == 0 else f"batch_normalization_{index}"
        mean, variance, gamma, beta = (
            self._weights[f"{name}/{part}"]
            for part in ("moving_mean", "moving_variance", "gamma", "beta")
        )
        return functional.batch_norm(x, mean, variance, gamma, beta, eps=1e-3)

    def _dense(self, x: torch.Tensor, index: int) -> torch.Tensor:
        name = "dense" if index == 0 else f"dense_{index}"
        return x @ self._weights[f"{name}/kernel"] + self._weights[f"{name}/bias"]


def _slaney_filters(bands: int, fft: int, rate: int) -> FloatArray:
    """Mel weights [fft // 2 + 1, bands] as librosa has them: Slaney's scale, equal areas."""
    edges_hz = mel_edges_hz(SLANEY, 0, rate / 2, bands)
    return triangles(frequencies_hz(fft, rate), edges_hz, equal_areas=True).astype(np.float32)


def log_mel() -> LogMel:
    """The spectrogram that our ear is trained on, and so the one that it hears with."""
    return LogMel()
