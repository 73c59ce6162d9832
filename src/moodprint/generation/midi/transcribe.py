"""Hears the notes in audio, with the network of Basic Pitch.

Source: Bittner et al., A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription
and Multipitch Estimation (ICASSP 2022). The network is Spotify's, under the Apache licence 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moodprint.audio.decode import AudioStream
from moodprint.bundle import Bundle, open_bundle
from moodprint.clip import FloatArray
from moodprint.generation.midi.bend_tracking import BINS_PER_SEMITONE, bend_of
from moodprint.generation.midi.note_creation import NoteRule, created_notes
from moodprint.generation.midi.score import Score, ScoreNote
from moodprint.generation.midi.transcription_card import (
    GRAPH,
    KEYS,
    LOWEST_PITCH,
    SAMPLE_RATE_HZ,
    TranscriptionCard,
)

BUNDLE = "basic_pitch"
"""The shipped bundle that hears the notes."""

_HOP = 256
_WINDOW = 43_844
_CUT_FRAMES = 15
_OVERLAP = 2 * _CUT_FRAMES * _HOP
_STEP = _WINDOW - _OVERLAP
_FRAMES_A_STEP = 142
_INPUT = "serving_default_input_2:0"
_NOTE, _ONSET, _CONTOUR = (f"StatefulPartitionedCall:{k}" for k in (1, 2, 0))


@dataclass(frozen=True)
class Activations:
    """How sure the network is of each of 88 piano keys, in [0, 1]: that it sounds, ``note``
    [T, 88], and that it begins, ``onset`` [T, 88]. ``times_s`` [T] are those of the frames.
    ``contour`` [T, 264], where it was asked for, is the same of each third of a semitone."""

    note: FloatArray
    onset: FloatArray
    times_s: npt.NDArray[np.float64]
    contour: FloatArray | None = None


def transcribe(
    source: str | Path | AudioStream, rule: NoteRule | None = None, *, keep_bends: bool = False
) -> Score:
    """The notes heard in an audio or video file, as one track; how they bend is left aside, or
    kept on them.

    Silence, and sound without pitch, give a score without notes. A stream is one of SAMPLE_RATE_HZ.

    Raises:
        InputError and its kinds: the file cannot be read as sound.
    """
    if not isinstance(source, AudioStream):
        source = AudioStream(source, sample_rate_hz=SAMPLE_RATE_HZ)
    heard = activations(source, with_contour=keep_bends)
    times_s = np.append(heard.times_s, heard.times_s[-1:] + _HOP / SAMPLE_RATE_HZ)
    notes = [
        ScoreNote(
            float(times_s[note.start]),
            float(times_s[note.end]),
            LOWEST_PITCH + note.key,
            max(1, min(127, round(127 * note.strength))),
            bends=() if heard.contour is None else bend_of(note, heard.contour),
        )
        for note in created_notes(heard.note, heard.onset, rule or NoteRule())
    ]
    return Score(()).with_notes(notes)


class Transcriber:
    """The network of a ``note-transcription`` bundle on so many threads (0: one a core).

    Raises:
        BundleError: the bundle is of another kind, or its network does not load.
    """

    def __init__(self, bundle: Bundle, threads: int = 0) -> None:
        self.card = bundle.card_as(TranscriptionCard)
        self._session = bundle.session(GRAPH, threads)

    def activations(
        self, blocks: Iterable[FloatArray], *, with_contour: bool = False
    ) -> Activations:
        """The network's answer to mono sound at 22,050 Hz that comes in blocks [n]."""
        widths = {_NOTE: KEYS, _ONSET: KEYS}
        if with_contour:
            widths[_CONTOUR] = BINS_PER_SEMITONE * KEYS
        outputs = [[np.zeros((0, width), np.float32)] for width in widths.values()]
        samples = 0
        for window, samples in _windows(blocks):  # noqa: B007  # the last count is used below
            answers = self._session.run(list(widths), {_INPUT: window[None, :, None]})
            for parts, answer in zip(outputs, answers, strict=True):
                parts.append(answer[0, _CUT_FRAMES:-_CUT_FRAMES])
        frame = np.arange(sum(map(len, outputs[0])))
        at_sample = frame // _FRAMES_A_STEP * _STEP + frame % _FRAMES_A_STEP * _HOP
        kept = at_sample < samples
        note, onset, *contour = (np.concatenate(parts)[kept] for parts in outputs)
        return Activations(note, onset, at_sample[kept] / SAMPLE_RATE_HZ, *contour)


def activations(blocks: Iterable[FloatArray], *, with_contour: bool = False) -> Activations:
    """What the shipped network makes of mono sound at 22,050 Hz in blocks [n] of any length."""
    return _shipped().activations(blocks, with_contour=with_contour)


def _windows(blocks: Iterable[FloatArray]) -> Iterator[tuple[FloatArray, int]]:
    """Overlapping windows over the sound, and how many samples came so far. Half an overlap of
    silence stands before the first."""
    held = np.zeros(_OVERLAP // 2, np.float32)
    samples = 0
    for block in blocks:
        held = np.concatenate([held, block])
        samples += len(block)
        while len(held) >= _WINDOW:
            yield held[:_WINDOW], samples
            held = held[_STEP:]
    while samples and len(held) > _OVERLAP // 2:
        yield np.pad(held, (0, max(0, _WINDOW - len(held))))[:_WINDOW], samples
        held = held[_STEP:]


@cache
def _shipped() -> Transcriber:
    return Transcriber(open_bundle(BUNDLE))
