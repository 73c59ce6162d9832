"""Our ear: the small network that hears half a second at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.errors import BundleError

WEIGHTS = "ear.onnx"
_CHUNK_ROWS = 120
_CONTEXT_ROWS = 8
"""More than the network looks to each side, so that rows do not depend on where chunks end."""


@dataclass(frozen=True)
class Hearing:
    """What the ear heard, R rows of ``row_s`` seconds each; row r begins at r * row_s.

    ``duration_s`` is the true length of the sound; the last row may reach past it.
    """

    row_s: float
    duration_s: float
    level_db: FloatArray
    """[R] power of the sound in dB, where a sine of full scale has about 0."""
    presence: FloatArray
    """[R, 3] probabilities of music, speech and other sound, each on its own."""
    emotion: FloatArray
    """[R, K] logits of the emotions, as if there were music."""
    valence_arousal: FloatArray
    """[R, 2] in [-1, 1]."""
    embedding: FloatArray
    """[R, D] what the network says in its last layer but one."""

    @property
    def rows(self) -> int:
        return len(self.level_db)


class Ear:
    """The network of an ``ear`` bundle, run by ONNX Runtime on ``threads`` threads.

    Raises:
        BundleError: the bundle is of another kind, or its network does not load.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        import onnxruntime

        if bundle.kind != "ear":
            raise BundleError(f"{bundle.path}: is a bundle of kind {bundle.kind!r}, not 'ear'")
        self.name = bundle.name
        self.log_mel = LogMel.from_dict(bundle.need("features", "log_mel"))
        self._frames_per_row = int(bundle.need("features", "frames_per_row"))
        self.row_s = self._frames_per_row / self.log_mel.frames_per_second
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                bundle.read(WEIGHTS), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors share no class of their own
            raise BundleError(f"{bundle.path}: {WEIGHTS} does not load ({error})") from error

    @property
    def sample_rate_hz(self) -> int:
        return self.log_mel.sample_rate_hz

    def hear(self, blocks: Iterable[FloatArray]) -> Hearing:
        """Listen to blocks [n] at ``sample_rate_hz``. Memory holds rows, not sound.

        Silence, and no samples at all, are heard too (as R >= 1 rows of low level).
        """
        seen = _Counted(blocks)
        parts = [self._heard(chunk) for chunk in self._chunks(self.log_mel.stream(seen))]
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        duration_s = seen.samples / self.sample_rate_hz
        rows = min(len(joined[0]), max(1, round(duration_s / self.row_s + 0.25)))
        level, presence, emotion, valence_arousal, embedding = (part[:rows] for part in joined)
        return Hearing(self.row_s, duration_s, level, presence, emotion, valence_arousal, embedding)

    def _chunks(self, frames: Iterable[FloatArray]) -> Iterator[tuple[FloatArray, slice]]:
        """Stretches of frames [T, F] with context around, and the rows that count in each."""
        size, context = _CHUNK_ROWS * self._frames_per_row, _CONTEXT_ROWS * self._frames_per_row
        held = np.zeros((0, self.log_mel.bands), np.float32)
        before = 0
        for piece in frames:
            held = np.concatenate([held, piece])
            while len(held) >= before + size + context:
                first = before // self._frames_per_row
                yield held[: before + size + context], slice(first, first + _CHUNK_ROWS)
                held = held[before + size - context :]
                before = context
        missing = -len(held) % self._frames_per_row
        if len(held) > before or before == 0:
            last = np.pad(held, ((0, missing), (0, 0)), mode="edge") if missing else held
            yield last, slice(before // self._frames_per_row, None)

    def _heard(self, chunk: tuple[FloatArray, slice]) -> tuple[FloatArray, ...]:
        frames, rows = chunk
        answers = self._session.run(None, {"log_mel": frames[None]})
        presence, emotion, valence_arousal, embedding = (answer[0][rows] for answer in answers)
        power = (10 ** (frames / 10)).sum(axis=1).reshape(-1, self._frames_per_row).mean(axis=1)
        level = 10 * np.log10(power[rows], dtype=np.float32)
        probability = 1 / (1 + np.exp(-presence, dtype=np.float32))
        return level, probability, emotion, np.clip(valence_arousal, -1, 1), embedding


class _Counted:
    """Passes blocks on and counts their samples."""

    def __init__(self, blocks: Iterable[FloatArray]) -> None:
        self._blocks = blocks
        self.samples = 0

    def __iter__(self) -> Iterator[FloatArray]:
        for block in self._blocks:
            self.samples += len(block)
            yield block
