"""The emotion network as analysis runs it: ONNX Runtime, half a second a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from moodprint.audio.chroma import Chroma
from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.models.emotion_net.card import WEIGHTS, EmotionNetworkCard
from moodprint.models.emotion_net.chunks import Chunk, chunks, levelled, row_levels_db
from moodprint.models.emotion_net.handcrafted import measures
from moodprint.models.emotion_net.handcrafted_head import HandcraftedHead
from moodprint.models.emotion_net.user_head import UserHead
from moodprint.pitch import PITCH_CLASSES

_FAINT_DB = -180.0
"""Under the rounding of 24-bit samples, and far above that of 32-bit floats."""

PARTS_OF_A_ROW = 8
"""Sixteenths of a second, as long as the pauses between syllables."""


@dataclass(frozen=True)
class FrameOutputs:
    """What the network gives, R rows of ``row_s`` seconds each; row r begins at r * row_s.

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
    gain_db: FloatArray | float = 0.0
    """How much louder than it is the network got the sound: one gain, or [R] of them."""
    fine_levels_db: FloatArray | None = None
    """[R, E] ``level_db`` of E equal parts of each row; None where that was not measured."""

    @property
    def rows(self) -> int:
        """R >= 1."""
        return len(self.level_db)


class EmotionNetwork:
    """The network of an ``emotion-network`` bundle, run by ONNX Runtime on ``threads`` threads, and
    its linear heads on measures of the sound and on the embedding, where it has them.

    Where the card says ``level_free`` all sound is brought to one loudness before the network: see
    ``chunks.levelled``.

    Raises:
        BundleError: the bundle is of another kind, or its network does not load.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        card = bundle.card_as(EmotionNetworkCard)
        self.name = bundle.name
        self.log_mel = card.log_mel
        self._frames_per_row, self._level_free = card.frames_per_row, card.level_free
        self.row_s = card.row_s
        self._sound = HandcraftedHead.of(bundle)
        self._user_head = UserHead.of(bundle)
        self._chroma = Chroma(self.sample_rate_hz, round(self.row_s * self.sample_rate_hz))
        self._session = bundle.session(WEIGHTS, threads)

    @property
    def sample_rate_hz(self) -> int:
        """At which sound is taken."""
        return self.log_mel.sample_rate_hz

    def infer(self, blocks: Iterable[FloatArray]) -> FrameOutputs:
        """Run over blocks [n] at ``sample_rate_hz``. Memory holds rows, not sound.

        Silence, and no samples at all, give R >= 1 rows of low level.
        """
        seen = _Passing(blocks, self._chroma if self._sound else None)
        parts = [self._infer_chunk(chunk, seen) for chunk in self._chunks(seen)]
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        duration_s = seen.samples / self.sample_rate_hz
        rows = min(len(joined[0]), max(1, round(duration_s / self.row_s + 0.25)))
        return FrameOutputs(self.row_s, duration_s, *(part[:rows] for part in joined))

    def frames_of(self, samples: FloatArray) -> FloatArray:
        """The log-mel [T, F] of a whole sound [N] as the network takes it.

        Where sound is brought to one loudness it is by the level of the whole.
        """
        frames = self._faint_log_mel.of(samples)
        missing = -len(frames) % self._frames_per_row
        whole = Chunk(np.pad(frames, ((0, missing), (0, 0)), mode="edge"), 0, slice(None))
        (chunk,) = self._at_one_loudness([whole])
        return chunk.frames[: len(frames)]

    @property
    def _faint_log_mel(self) -> LogMel:
        """With a floor so low that what is faint is still there when it has been made louder."""
        return replace(self.log_mel, floor_db=_FAINT_DB) if self._level_free else self.log_mel

    def _at_one_loudness(self, parts: Iterable[Chunk]) -> Iterable[Chunk]:
        if not self._level_free:
            return parts
        return levelled(parts, self._frames_per_row, self.log_mel.floor_db)

    def _chunks(self, blocks: Iterable[FloatArray]) -> Iterable[Chunk]:
        frames = self._faint_log_mel.stream(blocks)
        return self._at_one_loudness(chunks(frames, self._frames_per_row))

    def _infer_chunk(self, chunk: Chunk, seen: _Passing) -> tuple[FloatArray, ...]:
        frames, rows = chunk.frames, chunk.counted
        answers = self._session.run(None, {"log_mel": frames[None]})
        presence, emotion, point, embedding = (answer[0][rows] for answer in answers)
        if self._sound is not None:
            chroma = seen.chroma(chunk.start, len(frames) // self._frames_per_row)
            measured = measures(frames, chroma)[rows]
            emotion = emotion + measured @ self._sound.emotion
            point = point + measured @ self._sound.valence_arousal
        if self._user_head is not None:
            emotion = emotion + self._user_head(embedding)
        level_db = row_levels_db(frames, self._frames_per_row)[rows] - np.float32(chunk.gain_db)
        gain_db = np.full_like(level_db, chunk.gain_db)
        fine_db = row_levels_db(frames, self._frames_per_row // PARTS_OF_A_ROW)
        fine_db = fine_db.reshape(-1, PARTS_OF_A_ROW)[rows] - np.float32(chunk.gain_db)
        probability = 0.5 + 0.5 * np.tanh(presence / 2)  # the logistic function, without overflow
        point = np.clip(point, -1, 1)
        return level_db, probability, emotion, point, embedding, gain_db, fine_db


class _Passing:
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
                self._add_chroma(np.concatenate([self._held, block]), self._chroma)
            yield block
        if self._chroma is not None:
            missing = -len(self._held) % self._chroma.hop
            self._add_chroma(np.pad(self._held, (0, missing)), self._chroma)

    def _add_chroma(self, samples: FloatArray, chroma: Chroma) -> None:
        rows = chroma.of(samples)
        self._rows.extend(rows)
        self._held = samples[len(rows) * chroma.hop :]

    def chroma(self, start: int, count: int) -> FloatArray:
        """Rows [count, 12]; silence where the sound has ended."""
        rows = np.array(self._rows[start : start + count], np.float32).reshape(-1, PITCH_CLASSES)
        return np.pad(rows, ((0, count - len(rows)), (0, 0)))
