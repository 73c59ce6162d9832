"""The two teachers that the student learns from. Both take mono float32 at 16 kHz, shape [N].

YAMNet (Google, Apache-2.0): 521 AudioSet classes and a 1,024-d embedding of each 0.975 s.
MusiCNN (Pons and Serra, ISC, the bundle `musicnn`): 50 tags of the Million Song Dataset and a 200-d
layer of each 3 s. Both are asked sparingly: moods change slowly, and their answers cost most.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import open_bundle
from moodprint.clip import FloatArray
from moodprint.models.music_tagger import network as music_tagger
from moodprint.models.music_tagger.card import weights_file

ROW_S = 0.5
"""The student gives a row for each half second; row r is centred on (r + 0.5) / 2 s."""


@dataclass(frozen=True)
class TeacherOutputs:
    """What a teacher says of each row: logits [R, K] and an embedding [R, D]. Both are 0 where it
    was not ``asked`` [R]."""

    logits: FloatArray
    embedding: FloatArray
    asked: np.ndarray


class Yamnet:
    """YAMNet's TensorFlow Lite file, asked once a second: two rows share an answer."""

    sample_rate_hz = 16_000
    window = 15_600
    _ROWS = 2
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
        """What it says of samples [N], for the middle of each second of ``rows`` rows."""
        step = round(self._ROWS * ROW_S * self.sample_rate_hz)
        skipped = (step - self.window) // 2  # a second is a little longer than what it takes in
        seconds = -(-rows // self._ROWS)
        padded = np.pad(samples, (0, self.window + seconds * step))[skipped:]
        patches = [self._patch(padded[n * step :][: self.window]) for n in range(seconds)]
        scores, embedding = (np.array(part, np.float32) for part in zip(*patches, strict=True))
        scores = np.clip(scores, 1e-6, 1 - 1e-6)
        logits, embedding = (
            np.repeat(part, self._ROWS, axis=0)[:rows]
            for part in (np.log(scores / (1 - scores)), embedding)
        )
        return TeacherOutputs(logits, embedding, np.ones(rows, bool))

    def _patch(self, samples: FloatArray) -> tuple[FloatArray, FloatArray]:
        self._net.set_tensor(self._input, samples[None])
        self._net.invoke()
        return self._net.get_tensor(self._scores)[0], self._net.get_tensor(self._embedding)[0]


class MusiCNN:
    """MusiCNN's MSD network, as the feature set `musicnn` has it, asked about every other patch of
    3 s, whose rows share its answer.

    Its embedding is the layer of 200 before rectifier and norm: what mood heads stand on.
    """

    sample_rate_hz = music_tagger.SAMPLE_RATE_HZ
    _EVERY = 2

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        content, self._dense = with_unrectified(open_bundle("musicnn").read(weights_file("MSD")))
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def infer(self, samples: FloatArray, rows: int) -> TeacherOutputs:
        """What it says of samples [N], of which ``rows`` rows are wanted."""
        patches = music_tagger.patches(music_tagger.log_mel(samples))
        answers = [
            self._session.run([self._dense, "tags"], {"patches": patch[None]})
            for patch in patches[:: self._EVERY]
        ]
        dense, logits = (np.concatenate(part) for part in zip(*answers, strict=True))
        middles_s = (np.arange(rows) + 0.5) * ROW_S
        patch = np.minimum(middles_s // music_tagger.PATCH_S, len(patches) - 1).astype(int)
        asked = patch % self._EVERY == 0
        own = patch // self._EVERY
        return TeacherOutputs(logits[own] * asked[:, None], dense[own] * asked[:, None], asked)


def with_unrectified(content: bytes) -> tuple[bytes, str]:
    """MusiCNN's ONNX file with one more output, and the name of it: what enters its last rectifier
    [B, 200]."""
    import onnx

    model = onnx.load_from_string(content)
    last = [node for node in model.graph.node if node.op_type == "Relu"][-1]
    name = last.input[0]
    shape = ["batch", music_tagger.WIDTH]
    output = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
    model.graph.output.append(output)
    return model.SerializeToString(), name


def log_mel() -> LogMel:
    """The spectrogram that the student is trained on, and so the one that is analysed by."""
    return LogMel()
