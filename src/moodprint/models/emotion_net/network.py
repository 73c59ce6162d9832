"""Our ear: the small network that hears half a second at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from moodprint.audio.chroma import Chroma
from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.models.emotion_net.card import WEIGHTS, EmotionNetworkCard
from moodprint.models.emotion_net.handcrafted import measures
from moodprint.models.emotion_net.handcrafted_head import HandcraftedHead
from moodprint.pitch import PITCH_CLASSES

_CHUNK_ROWS = 120
_CONTEXT_ROWS = 8
"""As much as the measures, and more than the network, look to each side, so that rows do not depend
on where chunks end."""


@dataclass(frozen=True)
class FrameOutputs:
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
        """R >= 1."""
        return len(self.level_db)


class EmotionNetwork:
    """The network of an ``emotion-network`` bundle, run by ONNX Runtime on ``threads`` threads, and
    its linear head on measures of the sound, where it has one.

    Raises:
        BundleError: the bundle is of another kind, or its network does not load.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        card = bundle.card_as(EmotionNetworkCard)
        self.name = bundle.name
        self.log_mel = card.log_mel
        self._frames_per_row = card.frames_per_row
        self.row_s = card.row_s
        self._sound = HandcraftedHead.of(bundle)
        self._chroma = Chroma(self.sample_rate_hz, round(self.row_s * self.sample_rate_hz))
        self._session = bundle.session(WEIGHTS, threads)

    @property
    def sample_rate_hz(self) -> int:
        """At which sound is taken."""
        return self.log_mel.sample_rate_hz

    def infer(self, blocks: Iterable[FloatArray]) -> FrameOutputs:
        """Listen to blocks [n] at ``sample_rate_hz``. Memory holds rows, not sound.

        Silence, and no samples at all, are heard too (as R >= 1 rows of low level).
        """
        seen = _Overheard(blocks, self._chroma if self._sound else None)
        parts = [self._heard(chunk, seen) for chunk in self._chunks(self.log_mel.stream(seen))]
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        duration_s = seen.samples / self.sample_rate_hz
        rows = min(len(joined[0]), max(1, round(duration_s / self.row_s + 0.25)))
        level, presence, emotion, valence_arousal, embedding = (part[:rows] for part in joined)
        return FrameOutputs(
            self.row_s, duration_s, level, presence, emotion, valence_arousal, embedding
        )

    def _chunks(self, frames: Iterable[FloatArray]) -> Iterator[_Chunk]:
        size, context = _CHUNK_ROWS * self._frames_per_row, _CONTEXT_ROWS * self._frames_per_row
        held = np.zeros((0, self.log_mel.bands), np.float32)
        before = start = 0
        for piece in frames:
            held = np.concatenate([held, piece])
            while len(held) >= before + size + context:
                first = before // self._frames_per_row
                counted = slice(first, first + _CHUNK_ROWS)
                yield _Chunk(held[: before + size + context], start, counted)
                held = held[before + size - context :]
                start += first + _CHUNK_ROWS - _CONTEXT_ROWS
                before = context
        missing = -len(held) % self._frames_per_row
        if len(held) > before or before == 0:
            last = np.pad(held, ((0, missing), (0, 0)), mode="edge") if missing else held
            yield _Chunk(last, start, slice(before // self._frames_per_row, None))

    def _heard(self, chunk: _Chunk, seen: _Overheard) -> tuple[FloatArray, ...]:
        frames, rows = chunk.frames, chunk.counted
        answers = self._session.run(None, {"log_mel": frames[None]})
        presence, emotion, point, embedding = (answer[0][rows] for answer in answers)
        if self._sound is not None:
            chroma = seen.chroma(chunk.start, len(frames) // self._frames_per_row)
            measured = measures(frames, chroma)[rows]
            emotion = emotion + measured @ self._sound.emotion
            point = point + measured @ self._sound.valence_arousal
        power = (10 ** (frames / 10)).sum(axis=1).reshape(-1, self._frames_per_row).mean(axis=1)
        level = 10 * np.log10(power[rows], dtype=np.float32)
        probability = 0.5 + 0.5 * np.tanh(presence / 2)  # the logistic function, without overflow
        return level, probability, emotion, np.clip(point, -1, 1), embedding


@dataclass(frozen=True)
class _Chunk:
    """A stretch of frames [T, F] with context around; row ``start`` of the sound is its first, and
    the rows ``counted`` of it are new."""

    frames: FloatArray
    start: int
    counted: slice


class _Overheard:
    """Passes blocks on, counts their samples, and keeps the chroma of each row, if asked to."""

    def __init__(self, blocks: Iterable[FloatArray], chroma: Chroma | None) -> None:
        self._blocks, self._chroma = blocks, chroma
        self._rows: list[FloatArray] = []
        self._held = np.zeros(0, np.float32)
        self.samples = 0

    def __iter__(self) -> Iterator[FloatArray]:
        for block in self._blocks:
            self.samples += len(block)
            if self._chroma is not None:
                self._listen(np.concatenate([self._held, block]), self._chroma)
            yield block
        if self._chroma is not None:
            missing = -len(self._held) % self._chroma.hop
            self._listen(np.pad(self._held, (0, missing)), self._chroma)

    def _listen(self, samples: FloatArray, chroma: Chroma) -> None:
        rows = chroma.of(samples)
        self._rows.extend(rows)
        self._held = samples[len(rows) * chroma.hop :]

    def chroma(self, start: int, count: int) -> FloatArray:
        """Rows [count, 12]; silence where the sound has ended."""
        rows = np.array(self._rows[start : start + count], np.float32).reshape(-1, PITCH_CLASSES)
        return np.pad(rows, ((0, count - len(rows)), (0, 0)))
