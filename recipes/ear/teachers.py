"""The two teachers that the student learns from. Both take mono float32 at 16 kHz, shape [N].

YAMNet (Google, Apache-2.0): 521 AudioSet classes and a 1,024-d embedding of each 0.975 s.
MusiCNN (Pons and Serra, ISC, the bundle `musicnn`): 50 tags of the Million Song Dataset and a 200-d
embedding of each 3 s.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import open_bundle
from moodprint.clip import FloatArray
from moodprint.models.music_tagger.network import PATCH_S, SAMPLE_RATE_HZ, MusicTagger

ROW_S = 0.5
"""Student and teachers give a row for each half second; row r is centred on (r + 0.5) / 2 s."""


@dataclass(frozen=True)
class TeacherOutputs:
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

    def infer(self, samples: FloatArray, rows: int) -> TeacherOutputs:
        """What it says of samples [N], for the middle of each of ``rows`` rows."""
        step = round(ROW_S * self.sample_rate_hz)
        lead = (self.window - step) // 2
        padded = np.pad(samples, (lead, self.window + rows * step))
        patches = [self._patch(padded[row * step :][: self.window]) for row in range(rows)]
        scores = np.clip(np.array([row[0] for row in patches], np.float32), 1e-6, 1 - 1e-6)
        return TeacherOutputs(
            np.log(scores / (1 - scores)), np.array([row[1] for row in patches], np.float32)
        )

    def _patch(self, samples: FloatArray) -> tuple[FloatArray, FloatArray]:
        self._net.set_tensor(self._input, samples[None])
        self._net.invoke()
        return self._net.get_tensor(self._scores)[0], self._net.get_tensor(self._embedding)[0]


class MusiCNN:
    """MusiCNN's MSD network, as the feature set `musicnn` has it.

    A patch is 3 s; patches follow one another without overlap, and the rows within one share its
    answer.
    """

    sample_rate_hz = SAMPLE_RATE_HZ

    def __init__(self) -> None:
        self._tagger = MusicTagger(open_bundle("musicnn"))

    def infer(self, samples: FloatArray, rows: int) -> TeacherOutputs:
        """What it says of samples [N], of which ``rows`` rows are wanted."""
        hidden, logits = self._tagger.infer(samples)
        patch = np.minimum((np.arange(rows) + 0.5) * ROW_S // PATCH_S, len(hidden) - 1).astype(int)
        return TeacherOutputs(logits[patch], hidden[patch])


def log_mel() -> LogMel:
    """The spectrogram that the student is trained on, and so the one that is analysed by."""
    return LogMel()
