"""What a stretch mainly is: music, speech, silence or another sound."""

from __future__ import annotations

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


def presence_of(outputs: FrameOutputs, rows: slice) -> Presence:
    """Silence where most rows are silent; music where it is likelier than not in the rest, under a
    voice too; else the likelier of speech and other sound."""
    audible = audible_rows(outputs)[rows]
    if audible.mean() < 0.5:
        return Presence.SILENCE
    music, speech, other = (outputs.presence[rows] * audible[:, None]).sum(axis=0) / audible.sum()
    if music >= MUSIC_FROM:
        return Presence.MUSIC
    return Presence.SPEECH if speech >= other else Presence.OTHER
