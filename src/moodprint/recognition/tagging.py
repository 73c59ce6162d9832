"""Tags of recordings: the pulse and the key that cues are told by, of the whole; and its loudness.

Tempo and key are those of ``explanation.cues``, loudness that of ``audio.loudness``.
"""

from __future__ import annotations

import math

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.audio.loudness import ProgrammeLoudness, ProgrammeMeter
from moodprint.errors import EmptyFileError
from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S
from moodprint.recognition.explanation.cues.key import key_of
from moodprint.recognition.explanation.cues.listener import CueListener
from moodprint.recognition.explanation.cues.recording import Recording
from moodprint.recognition.explanation.cues.spectra import ROW_S, SAMPLE_RATE_HZ
from moodprint.recognition.explanation.cues.tempo import pulse_of, sharpened_bpm
from moodprint.tags import Tags

_KEY_CALIBRATION = (12.4, 0.33)
"""A logistic regression on half of the series of VGMIDI and songs of EMOPIA, rendered; what it is
worth on the other half, ``benchmarks/tags.py`` tells."""
_PIECE_S = 600.0
"""Longer ones are heard in pieces, so that a day of sound takes no more memory; a song is one."""
_UNMEASURED = ProgrammeLoudness(None, None, None)


def tags_of(recording: Recording, loudness: ProgrammeLoudness | None) -> Tags:
    """The tags of a recording that was listened to, and of its loudness, where that is known."""
    contours, loudness = recording.contours, loudness or _UNMEASURED
    end_s = contours.rows * ROW_S
    starts = np.arange(0.0, end_s, _PIECE_S)
    whole = recording.stretch(*((start, min(start + _PIECE_S, end_s)) for start in starts))
    pulse, found = whole.once(pulse_of), key_of(whole)
    piece = contours.strength[: int(_PIECE_S * FRAMES_PER_S)]
    return Tags(
        tempo_bpm=None if pulse.bpm is None else sharpened_bpm(piece, pulse.bpm),
        tempo_confidence=pulse.clarity,
        key=None if found.key is None else found.key.short,
        key_camelot=None if found.key is None else found.key.camelot,
        key_confidence=0.0 if found.key is None else _share_right(found.margin),
        loudness_lufs=loudness.integrated_lufs,
        loudness_range_lu=loudness.range_lu,
        true_peak_dbtp=loudness.true_peak_dbtp,
    )


def tag(excerpt: Excerpt) -> tuple[Tags, tuple[str, ...]]:
    """The tags of a file or of a stretch of it, decoded once, in memory that grows by 1.5 kB a
    second; and what was odd about the file.

    Raises:
        EmptyFileError: there are no samples in that part; and all that AudioStream raises.
    """
    stream = excerpt.stream(sample_rate_hz=SAMPLE_RATE_HZ, mono=True)
    meter = ProgrammeMeter(stream.native_rate_hz, stream.native_channels)
    stream.listeners.append(meter.push)
    listener = CueListener()
    if not sum(block.size for block in listener.through(stream)):
        raise EmptyFileError(f"{excerpt.path}: has no audio samples from {excerpt.start_s:g} s on")
    tags = tags_of(Recording(listener.contours()), meter.finish())
    return tags, tuple(stream.warnings)


def _share_right(margin: float) -> float:
    """How often a key that fits better than the next by so much was right."""
    slope, intercept = _KEY_CALIBRATION
    return 1 / (1 + math.exp(-slope * margin - intercept))
