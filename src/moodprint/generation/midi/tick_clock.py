"""Ticks of a MIDI file in seconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from moodprint.generation.midi.smf import META, TEMPO, Event, MidiFile

_DEFAULT_US = 500_000
"""Microseconds a quarter note where a file says nothing: 120 beats a minute."""


class TickClock:
    """Seconds from the start for ticks, by all tempo changes among ``events``.

    A tempo of 0 microseconds a quarter note is none: the one before it stays. SMPTE timing knows
    no tempo.
    """

    def __init__(self, file: MidiFile, events: Iterable[Event]) -> None:
        if file.ticks_per_second is not None:
            self._ticks, self._seconds, self._rates = [0], [0.0], [1 / file.ticks_per_second]
            return
        self._ticks, self._seconds = [0], [0.0]
        self._rates = [_DEFAULT_US / 1e6 / file.division]
        for tick, us in sorted(_tempos(events)):
            now = self.seconds(tick)
            self._ticks.append(tick)
            self._seconds.append(now)
            self._rates.append(us / 1e6 / file.division)

    def seconds(self, tick: int) -> float:
        """When a tick is."""
        last = bisect_right(self._ticks, tick) - 1
        return self._seconds[last] + (tick - self._ticks[last]) * self._rates[last]


def _tempos(events: Iterable[Event]) -> Iterable[tuple[int, int]]:
    for event in events:
        if event.kind == META and event.channel == TEMPO and len(event.data) == 3:
            us = int.from_bytes(event.data, "big")
            if us:
                yield event.tick, us
