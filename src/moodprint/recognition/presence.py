"""What a stretch mainly is: music, speech, silence or another sound."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.models.emotion_net.network import FrameOutputs
from moodprint.prediction import Presence

SILENT_BELOW_DB = -65.0
"""Rows that the network gets below this level are silence: under the noise of a quiet recording,
and far under music."""

MUSIC_FROM = 0.5
_MUSIC, _SPEECH, _OTHER = range(3)


def audible_rows(hearing: FrameOutputs) -> FloatArray:
    """[R] 1 where something is to be heard, 0 in silence."""
    return (hearing.level_db + hearing.gain_db > SILENT_BELOW_DB).astype(np.float32)


def music_rows(hearing: FrameOutputs) -> FloatArray:
    """[R] how much each row counts as music: its probability, 0 in silence."""
    return hearing.presence[:, _MUSIC] * audible_rows(hearing)


def presence_of(hearing: FrameOutputs, rows: slice) -> Presence:
    """Silence where most rows are silent; music where it is likelier than not in the rest, under a
    voice too; else the likelier of speech and other sound."""
    audible = audible_rows(hearing)[rows]
    if audible.mean() < 0.5:
        return Presence.SILENCE
    heard = (hearing.presence[rows] * audible[:, None]).sum(axis=0) / audible.sum()
    if heard[_MUSIC] >= MUSIC_FROM:
        return Presence.MUSIC
    return Presence.SPEECH if heard[_SPEECH] >= heard[_OTHER] else Presence.OTHER
