"""How far music lies under a voice, heard in the gaps of its speech, and whether it can be judged.

Between words and syllables only the music is left: the level of the quietest tenth of a passage is
about that of the music, and the level of the whole is that of the voice, where the voice is louder.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import Presence, Segment

FAR_BELOW_DB = 10.0
"""Of music mixed 5 dB under a voice the network names in about 65 % of cases the emotion that it
names without the voice, 10 dB under in 40 %, 15 dB under in 20 %, which is chance. What is measured
here is then 7.7, 10.7 and 14.0 dB, with a deviation of 2.5 (``benchmarks/voice_over.py``)."""

_VOICE_FROM = 0.5
"""Of the probability of speech: likelier than not."""

_GAPS = 10.0
"""Percent of the parts of a passage that are taken for gaps: so much of speech is pauses."""

_CONTEXT_S = 7.5
"""To each side of a stretch: in 5 s alone a voice may make no pause, and the measure strays by
3.5 dB; in 20 s by 2.5."""

_SPEECH = 1
"""The column of ``FrameOutputs.presence``."""


def below_voice_db(outputs: FrameOutputs, rows: slice) -> float | None:
    """By how many dB what is left in the gaps of a voice lies under the voice, in these rows and
    those around them with a voice; None where no voice is heard in these rows, or levels are not
    known finely enough."""
    voice = outputs.presence[:, _SPEECH]
    if outputs.fine_levels_db is None or voice[rows].mean() < _VOICE_FROM:
        return None
    around = round(_CONTEXT_S / outputs.row_s)
    passage = slice(max(0, rows.start - around), rows.stop + around)
    levels_db = outputs.fine_levels_db[passage][voice[passage] >= _VOICE_FROM].ravel()
    whole_db = 10 * np.log10(np.mean(10 ** (levels_db / 10)))
    return float(whole_db - np.percentile(levels_db, _GAPS))


def mostly_drowned(segments: Sequence[Segment]) -> bool:
    """Whether voices drown the music in most of the segments that hold some."""
    music = [segment for segment in segments if segment.presence is Presence.MUSIC]
    return bool(music) and sum(map(is_drowned, music)) > len(music) / 2


def is_drowned(segment: Segment) -> bool:
    """Whether the music of a segment lies too far under a voice for its emotion to be trusted."""
    below_db = segment.music_below_voice_db
    return below_db is not None and below_db > FAR_BELOW_DB


def why_drowned(segments: Sequence[Segment]) -> str:
    """Why music is not trusted that mostly lies far under a voice."""
    below_db = [each.music_below_voice_db or 0.0 for each in segments if is_drowned(each)]
    return f"the music lies about {np.median(below_db):.0f} dB under a voice: too far to be trusted"
