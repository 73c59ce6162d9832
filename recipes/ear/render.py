"""MIDI files played through a General MIDI soundfont by FluidSynth, loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import fluidsynth
import numpy as np
from symusic import Score

from moodprint.clip import Clip, Origin

DRUMS_CHANNEL = 9
Event = tuple[float, int, Any, tuple[Any, ...]]
"""Time in s, order among equals, call, its arguments; note ends come before starts."""

_RING_OUT_S = 1.5
_HEADROOM = 0.9


class SoundfontPlayer:
    """A synthesizer with one soundfont. ``play`` gives a mono Clip, peaks at most at 0.9."""

    def __init__(self, soundfont: Path, sample_rate_hz: int = 16_000) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._synth = fluidsynth.Synth(gain=0.5, samplerate=float(sample_rate_hz))
        self._font = self._synth.sfload(str(soundfont))
        names = [self._synth.sfpreset_name(self._font, 0, program) for program in range(128)]
        self._programs = {(name or "").lower(): number for number, name in enumerate(names)}

    def play(self, path: Path, program: int | None = None) -> Clip:
        """The MIDI file at ``path``, with the time that its last notes need to ring out; with
        ``program`` all but the drums is played by that instrument."""
        score = Score(str(path), ttype="second")
        stereo = self.play_events(self._events(score, program), score.end() + _RING_OUT_S).T
        mono = stereo.mean(axis=1)
        loudest = float(np.abs(mono).max(initial=0.0))
        scaled = mono * (_HEADROOM / loudest) if loudest > _HEADROOM else mono
        return Clip(scaled, self.sample_rate_hz, Origin(str(path)))

    def play_events(self, events: Iterable[Event], seconds: float) -> np.ndarray:
        """Samples [2, N] of so many seconds."""
        self._synth.system_reset()
        ordered = sorted(events, key=lambda event: event[:2])
        pieces, at = [], 0
        for time_s, _, call, arguments in [*ordered, (seconds, 9, None, ())]:
            frame = max(at, round(min(time_s, seconds) * self.sample_rate_hz))
            pieces.append(self._synth.get_samples(frame - at))
            at = frame
            if call is not None:
                call(*arguments)
        return np.concatenate(pieces).reshape(-1, 2).T.astype(np.float32) / 32_768

    def program(self, name: str) -> int:
        """The General MIDI program of a SoundFont's instrument, by its name in any case. Raises
        KeyError."""
        return self._programs[name.lower()]

    def selected(self, channel: int, program: int, *, drums: bool = False) -> Event:
        """A channel given an instrument, or a drum kit."""
        bank = 128 if drums else 0
        return -1.0, 0, self._synth.program_select, (channel, self._font, bank, program)

    def note(
        self, channel: int, pitch: int, velocity: int, start_s: float, end_s: float
    ) -> tuple[Event, Event]:
        """A note's start and end."""
        start = (start_s, 3, self._synth.noteon, (channel, pitch, velocity))
        return start, (end_s, 2, self._synth.noteoff, (channel, pitch))

    def _events(self, score: Any, program: int | None) -> Iterator[Event]:
        melodic = [channel for channel in range(16) if channel != DRUMS_CHANNEL]
        for index, track in enumerate(score.tracks):
            channel = DRUMS_CHANNEL if track.is_drum else melodic[index % len(melodic)]
            own = track.program if program is None or track.is_drum else program
            yield self.selected(channel, own, drums=track.is_drum)
            for control in track.controls:
                yield control.time, 1, self._synth.cc, (channel, control.number, control.value)
            for pedal in track.pedals:
                yield pedal.time, 1, self._synth.cc, (channel, 64, 127)
                yield pedal.time + pedal.duration, 1, self._synth.cc, (channel, 64, 0)
            for note in track.notes:
                end_s = note.time + note.duration
                yield from self.note(channel, note.pitch, note.velocity, note.time, end_s)
