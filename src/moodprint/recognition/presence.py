"""What a stretch mainly is: music, speech, silence or another sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from moodprint.clip import FloatArray
from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import Presence

SILENT_BELOW_DB = -65.0
"""Rows that the network gets below this level are silence: under the noise of a quiet recording,
and far under music."""

MUSIC_FROM = 0.5
"""Likelier than not."""

_MUSIC = 0
"""The column of ``FrameOutputs.presence``, whose others are speech and other sound."""


def audible_rows(outputs: FrameOutputs) -> FloatArray:
    """[R] 1 where there is sound, 0 in silence."""
    return (outputs.level_db + outputs.gain_db > SILENT_BELOW_DB).astype(np.float32)


def music_rows(outputs: FrameOutputs) -> FloatArray:
    """[R] how much each row counts as music: its probability, 0 in silence."""
    return outputs.presence[:, _MUSIC] * audible_rows(outputs)


@dataclass(frozen=True)
class PresenceEstimate:
    """What a stretch mainly is, and the probability in [0, 1] that this is so."""

    kind: Presence
    confidence: float


def presence_of(outputs: FrameOutputs, rows: slice) -> PresenceEstimate:
    """Silence where most rows are silent; music where it is likelier than not in the rest, under a
    voice too; else the likelier of speech and other sound.

    Of silence the confidence is the share of rows that are silent. What music leaves of certainty
    belongs to speech and other sound as they stand to each other.
    """
    audible = audible_rows(outputs)[rows]
    if audible.mean() < 0.5:
        return PresenceEstimate(Presence.SILENCE, 1.0 - float(audible.mean()))
    means = (outputs.presence[rows] * audible[:, None]).sum(axis=0) / audible.sum()
    music, speech, other = means.tolist()
    if music >= MUSIC_FROM:
        return PresenceEstimate(Presence.MUSIC, min(1.0, music))
    kind = Presence.SPEECH if speech >= other else Presence.OTHER
    share = max(speech, other) / (speech + other) if speech + other else 0.5
    return PresenceEstimate(kind, (1.0 - music) * share)


def with_known_music(outputs: FrameOutputs, known: Iterable[tuple[float, float]]) -> FrameOutputs:
    """The outputs where known tracks play, from and to so many seconds: there is music for sure.

    A row belongs to a stretch that holds its middle. Silent rows stay silent.
    """
    presence = outputs.presence.copy()
    middle_s = (np.arange(outputs.rows) + 0.5) * outputs.row_s
    for start_s, end_s in known:
        presence[(middle_s >= start_s) & (middle_s < end_s), _MUSIC] = 1.0
    return replace(outputs, presence=presence)
