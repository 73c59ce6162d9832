"""MIDI files played through a General MIDI soundfont by FluidSynth, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fluidsynth
import numpy as np
from symusic import Score

from moodprint.clip import Clip, Origin

_DRUMS = 9
_RING_OUT_S = 1.5
_HEADROOM = 0.9


class SoundfontPlayer:
    """A synthesizer with one soundfont. ``play`` gives a mono Clip, peaks at most at 0.9."""

    def __init__(self, soundfont: Path, sample_rate_hz: int = 16_000) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._synth = fluidsynth.Synth(gain=0.5, samplerate=float(sample_rate_hz))
        self._font = self._synth.sfload(str(soundfont))

    def play(self, path: Path, program: int | None = None) -> Clip:
        """The MIDI file at ``path``, with the time that its last notes need to ring out; with
        ``program`` all but the drums is played by that instrument."""
        score = Score(str(path), ttype="second")
        self._synth.system_reset()
        events = sorted(self._events(score, program), key=lambda event: event[0])
        pieces, at = [], 0
        for time_s, _, call, arguments in [*events, (score.end() + _RING_OUT_S, 9, None, ())]:
            frame = max(at, round(time_s * self.sample_rate_hz))
            pieces.append(self._synth.get_samples(frame - at))
            at = frame
            if call is not None:
                call(*arguments)
        stereo = np.concatenate(pieces).reshape(-1, 2).astype(np.float32) / 32_768
        mono = stereo.mean(axis=1)
        loudest = float(np.abs(mono).max(initial=0.0))
        scaled = mono * (_HEADROOM / loudest) if loudest > _HEADROOM else mono
        return Clip(scaled, self.sample_rate_hz, Origin(str(path)))

    def _events(
        self, score: Any, program: int | None
    ) -> Iterator[tuple[float, int, Any, tuple[Any, ...]]]:
        """(time in s, order among equals, call, arguments): note ends come before starts."""
        melodic = [channel for channel in range(16) if channel != _DRUMS]
        for index, track in enumerate(score.tracks):
            channel = _DRUMS if track.is_drum else melodic[index % len(melodic)]
            bank = 128 if track.is_drum else 0
            own = track.program if program is None or track.is_drum else program
            selected = (channel, self._font, bank, own)
            yield -1.0, 0, self._synth.program_select, selected
            for control in track.controls:
                yield control.time, 1, self._synth.cc, (channel, control.number, control.value)
            for pedal in track.pedals:
                yield pedal.time, 1, self._synth.cc, (channel, 64, 127)
                yield pedal.time + pedal.duration, 1, self._synth.cc, (channel, 64, 0)
            for note in track.notes:
                on = (channel, note.pitch, note.velocity)
                yield note.time, 3, self._synth.noteon, on
                yield note.time + note.duration, 2, self._synth.noteoff, (channel, note.pitch)
